"""NCBI E-utilities: search PubMed or PMC, fetch what was found, at the pace that NCBI asks for.

Without an API key NCBI allows 3 requests a second, with one 10. The key is read from NCBI_API_KEY, the e-mail address
that NCBI asks for from NCBI_EMAIL.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import httpx

from kg.config import secret
from kg.errors import SourceError, Transient

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
Database = Literal["pubmed", "pmc"]
_MOST = 9_999  # PubMed gives no more of one search
_RETRY_STATUS = frozenset((408, 429, 500, 502, 503, 504))
_XML_ERROR = re.compile(r"<ERROR>(.*?)</ERROR>", re.DOTALL)
_BUSY = re.compile(r"rate limit|backend failed|temporarily|try again|timed? ?out|unavailable|Unable to obtain", re.I)
_CLOSED = re.compile(rb"</(?:PubmedArticleSet|pmc-articleset|PubmedBookArticleSet)>\s*\Z")
_EMPTY = re.compile(rb"<(?:PubmedArticleSet|pmc-articleset)\s*/>\s*\Z")


class ServiceBusy(SourceError, Transient):
    """NCBI did not answer in time, or asked to come back later; the same call may succeed then."""

    code = "source_busy"


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, kept on NCBI's history server: ``count`` hits under (webenv, query_key)."""

    database: Database
    query: str
    count: int
    webenv: str
    query_key: str


class Eutils:
    """A client that keeps the rate limit, retries what may succeed later, and pages through the history server.

    ``base`` is the address of the service. Raises SourceError for what NCBI refuses, ServiceBusy once ``attempts``
    are used up.
    """

    def __init__(
        self,
        base: str = BASE,
        *,
        attempts: int = 5,
        timeout: float = 60.0,
        backoff: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = httpx.Client(base_url=base, timeout=timeout, follow_redirects=True)
        self._attempts = attempts
        self._backoff = backoff
        self._sleep = sleep
        self._key = secret("NCBI_API_KEY")
        self._email = secret("NCBI_EMAIL")
        self._gap = 0.1 if self._key else 0.34
        self._next = 0.0
        self._lock = Lock()

    def search(self, query: str, database: Database = "pubmed") -> Found:
        """Search and leave the hits on the history server.

        Raises SourceError if there are more hits than PubMed hands out (9,999): narrow the query then, by date.
        """
        answer = self._call("esearch.fcgi", {"db": database, "term": query, "usehistory": "y", "retmax": "0",
                                             "retmode": "json"}, _json_problem)  # fmt: skip
        result = json.loads(answer).get("esearchresult", {})
        count = int(result.get("count", 0))
        if count > _MOST:
            raise SourceError(
                f"{count} hits, and NCBI gives no more than {_MOST} of one search; narrow it by date", query=query
            )
        return Found(database, query, count, result.get("webenv", ""), result.get("querykey", ""))

    def post(self, ids: Sequence[str], database: Database = "pubmed") -> Found:
        """Put a list of ids on the history server, to be fetched like the hits of a search."""
        answer = self._call("epost.fcgi", {"db": database, "id": ",".join(ids)}, _xml_problem).decode("utf-8")
        webenv, key = re.search(r"<WebEnv>(.*?)</WebEnv>", answer), re.search(r"<QueryKey>(\d+)</QueryKey>", answer)
        if not webenv or not key:
            raise SourceError("NCBI's answer to epost has no WebEnv", answer=answer[:200])
        return Found(database, f"{len(ids)} ids", len(ids), webenv[1], key[1])

    def pages(self, found: Found, size: int = 500, start: int = 0) -> Iterator[bytes]:
        """Yield the hits as XML, ``size`` at a time, from the hit number ``start`` on (the first is 0)."""
        for first in range(start, found.count, size):
            fields = {"db": found.database, "WebEnv": found.webenv, "query_key": found.query_key, "retmode": "xml",
                      "retstart": str(first), "retmax": str(size)}  # fmt: skip
            yield self._call("efetch.fcgi", fields, _page_problem)

    def download(self, found: Found, folder: Path, size: int = 500) -> tuple[Path, ...]:
        """Save the hits as .xml.gz files in ``folder``, for ``kg build`` to read; return them in order.

        A page is written under its final name only when it is complete.
        """
        folder.mkdir(parents=True, exist_ok=True)
        saved: list[Path] = []
        for number, page in enumerate(self.pages(found, size)):
            path = folder / f"{found.database}-{number:05d}.xml.gz"
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(gzip.compress(page, 6, mtime=0))
            unfinished.replace(path)
            saved.append(path)
        return tuple(saved)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, tool: str, fields: dict[str, str], problem: Callable[[bytes], str]) -> bytes:
        """Return NCBI's answer; an error may hide in an answer with the status 200, so ``problem`` looks for it."""
        fields = {**fields, "tool": "medkg"}
        fields |= {key: value for key, value in (("api_key", self._key), ("email", self._email)) if value}
        trouble = ""
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(self._wait(attempt, trouble))
            self._pace()
            try:
                answer = self._client.post(tool, data=fields)
            except httpx.TransportError as error:
                trouble = f"{type(error).__name__}: {error}"
                continue
            if answer.status_code in _RETRY_STATUS:
                trouble = f"status {answer.status_code} retry-after={answer.headers.get('retry-after', '')}"
                continue
            said = problem(answer.content)
            if answer.status_code >= 400 or (said and not _BUSY.search(said)):
                raise SourceError(f"NCBI refuses {tool}: {said or answer.status_code}", **_public(fields))
            if not said:
                return answer.content
            trouble = said
        raise ServiceBusy(f"NCBI's {tool} failed {self._attempts} times: {trouble}", **_public(fields))

    def _wait(self, attempt: int, trouble: str) -> float:
        told = re.search(r"retry-after=(\d+)", trouble)
        return min(float(told[1]), 120.0) if told else self._backoff * 2.0 ** (attempt - 1)

    def _pace(self) -> None:
        """Wait until the next request is due; threads that share the client share its pace."""
        with self._lock:
            now = time.monotonic()
            due = max(self._next, now)
            self._next = due + self._gap
        if due > now:
            self._sleep(due - now)


def _public(fields: dict[str, str]) -> dict[str, Any]:
    """Return the fields that an error message may show: not the key, not long lists of ids."""
    return {name: fields[name][:100] for name in ("db", "term", "retstart") if name in fields}


def _json_problem(content: bytes) -> str:
    try:
        answer = json.loads(content)
    except ValueError:
        return "the answer is cut short or no JSON; try again"
    result = answer.get("esearchresult", {}) if isinstance(answer, dict) else {}
    return str(answer.get("error") or result.get("ERROR") or ("" if "count" in result else "the answer has no count"))


def _xml_problem(content: bytes) -> str:
    found = _XML_ERROR.search(content[:10_000].decode("utf-8", "replace"))
    if found:
        return found[1].strip() or "an error without words"
    if content.lstrip()[:1] == b"{":
        return _json_problem(content)
    return "" if content.lstrip()[:1] == b"<" else "the answer is no XML; try again"


def _page_problem(content: bytes) -> str:
    said = _xml_problem(content)
    if said:
        return said
    tail = content[-200:]
    return "" if _CLOSED.search(tail) or _EMPTY.search(tail) else "the answer is cut short; try again"


__all__ = ["BASE", "Database", "Eutils", "Found", "ServiceBusy"]
