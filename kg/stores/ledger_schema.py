"""The tables of the ledger, and the number of their form.

Evidence is only added or withdrawn, so it carries `added_in`, `withdrawn_in` and `reason`; documents, mentions and
identifiers hold the current revision only. Votes count while their evidence stands and their work is current.
"""

from __future__ import annotations

LEDGER_VERSION = 2

TABLES = """
CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE documents (
    id VARCHAR PRIMARY KEY, own_work VARCHAR NOT NULL, work VARCHAR NOT NULL, family VARCHAR NOT NULL,
    state VARCHAR NOT NULL, state_reason VARCHAR NOT NULL, kind VARCHAR NOT NULL, source VARCHAR NOT NULL,
    title VARCHAR NOT NULL, language VARCHAR NOT NULL, sections VARCHAR NOT NULL, identifiers VARCHAR[] NOT NULL,
    publication_types VARCHAR[] NOT NULL, mesh VARCHAR[] NOT NULL, url VARCHAR NOT NULL, pages VARCHAR NOT NULL,
    published VARCHAR NOT NULL, version VARCHAR NOT NULL, license VARCHAR NOT NULL, retracts VARCHAR[] NOT NULL,
    text_hash VARCHAR NOT NULL, digest VARCHAR NOT NULL, key VARCHAR NOT NULL, unread VARCHAR NOT NULL,
    session BIGINT NOT NULL, changed_in BIGINT NOT NULL);
CREATE TABLE lost (document VARCHAR NOT NULL, digest VARCHAR NOT NULL, winner VARCHAR NOT NULL);
CREATE TABLE identifiers (identifier VARCHAR NOT NULL, document VARCHAR NOT NULL);
CREATE TABLE withdrawals (
    work VARCHAR NOT NULL, state VARCHAR NOT NULL, origin VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    change BIGINT NOT NULL);
CREATE TABLE mentions (
    document VARCHAR NOT NULL, start_at INTEGER NOT NULL, end_at INTEGER NOT NULL, text VARCHAR NOT NULL,
    category VARCHAR NOT NULL, score DOUBLE NOT NULL, status VARCHAR NOT NULL, cue_start INTEGER, cue_end INTEGER,
    concept VARCHAR, link_score DOUBLE, matched VARCHAR, method VARCHAR);
CREATE TABLE concepts (
    id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, category VARCHAR NOT NULL, synonyms VARCHAR[] NOT NULL,
    parents VARCHAR[] NOT NULL, xrefs VARCHAR[] NOT NULL, source VARCHAR NOT NULL, session BIGINT NOT NULL,
    changed_in BIGINT NOT NULL);
CREATE TABLE readers (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, version VARCHAR NOT NULL, digest VARCHAR NOT NULL);
CREATE TABLE triples (
    id VARCHAR PRIMARY KEY, subject VARCHAR NOT NULL, predicate VARCHAR NOT NULL, object VARCHAR NOT NULL,
    qualifiers VARCHAR NOT NULL);
CREATE TABLE evidence (
    id VARCHAR NOT NULL, triple VARCHAR NOT NULL, document VARCHAR NOT NULL, text_hash VARCHAR NOT NULL,
    section VARCHAR NOT NULL, sentence_start INTEGER, sentence_end INTEGER, text VARCHAR NOT NULL,
    subject_start INTEGER, subject_end INTEGER, object_start INTEGER, object_end INTEGER, polarity VARCHAR NOT NULL,
    certainty VARCHAR NOT NULL, cue_start INTEGER, cue_end INTEGER, score DOUBLE NOT NULL, reader VARCHAR NOT NULL,
    terminology VARCHAR NOT NULL, strength VARCHAR NOT NULL, count INTEGER, total INTEGER,
    added_in BIGINT NOT NULL, withdrawn_in BIGINT, reason VARCHAR);
CREATE TABLE statements (
    id VARCHAR PRIMARY KEY, belief DOUBLE NOT NULL, support DOUBLE NOT NULL, refute DOUBLE NOT NULL,
    works VARCHAR[] NOT NULL, count BIGINT, total BIGINT, frequency DOUBLE, frequency_low DOUBLE,
    frequency_high DOUBLE);
CREATE TABLE changes (change BIGINT NOT NULL, triple VARCHAR NOT NULL);
CREATE TABLE rejections (
    owner VARCHAR NOT NULL, stage VARCHAR NOT NULL, code VARCHAR NOT NULL, subject VARCHAR NOT NULL,
    reason VARCHAR NOT NULL);
CREATE VIEW standing AS
    SELECT e.*, d.work, d.kind, d.publication_types, d.source
    FROM evidence e JOIN documents d ON d.id = e.document
    WHERE e.withdrawn_in IS NULL AND d.state = 'current';
CREATE VIEW present AS SELECT * FROM documents WHERE state <> 'deleted';
CREATE VIEW used AS
    SELECT m.concept AS id FROM mentions m JOIN present d ON d.id = m.document WHERE m.concept IS NOT NULL
    UNION SELECT t.subject FROM statements s JOIN triples t USING (id)
    UNION SELECT t.object FROM statements s JOIN triples t USING (id);
CREATE VIEW notices AS
    SELECT work, state, origin, reason, change FROM withdrawals
    UNION ALL SELECT unnest(retracts), 'retracted', 'notice', 'retracted by ' || id, 0 FROM documents;
"""
