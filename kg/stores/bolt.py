"""A graph behind Bolt: Neo4j, or the embedded server, through the one official driver and one set of texts."""

from __future__ import annotations

import logging
import pathlib
import re
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import neo4j
from neo4j import exceptions as bolt
from neo4j.graph import Node, Path, Relationship

from kg.config import secret
from kg.errors import ConfigError, StoreBusy, StoreError

Rows = list[dict[str, Any]]
RETRY_SECONDS = 120.0
CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
_READ_TRIES = 3
# Neo4j's words when it cannot write; afterwards it refuses everything until it is started anew.
_FAILED = re.compile("could not append transaction|could not apply the transaction|needs to be restarted", re.I)
_SCHEMES = ("bolt", "neo4j", "bolt+s", "neo4j+s", "bolt+ssc", "neo4j+ssc")

# The driver tells of every label and type that no node has yet; in a young graph that is most of them.
_QUIET = neo4j.NotificationMinimumSeverity.OFF
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Taken(StoreError):
    """What was to be made is there already: a constraint on its id refused it."""


class BoltStore:
    """An open connection to a graph that speaks Bolt and Cypher.

    Reading sends each query on its own in read mode, which the server enforces. Writing goes through transactions
    that are retried while the server is away, up to ``RETRY_SECONDS``. ``immutable``: nobody writes meanwhile.
    """

    immutable = False
    kept: pathlib.Path | None = None

    def __init__(self, uri: str, auth: tuple[str, str], database: str | None = None) -> None:
        """Connect. ``database`` None is the server's default one.

        Raises StoreBusy where no server answers, StoreError for a wrong user name or password, ConfigError for an
        address that cannot be one.
        """
        self.uri = uri
        self._database = database
        with _told(uri):
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=auth,
                connection_timeout=CONNECT_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity=_QUIET,
            )
            try:
                self._driver.verify_connectivity()
            except BaseException:
                self._driver.close()
                raise

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run a reading query and return its rows as plain values; the server ends it after ``READ_SECONDS``.

        Raises StoreError for a query that is wrong or would write.
        """
        for attempt in range(1, _READ_TRIES + 1):
            try:
                with _told(self.uri), self._session(neo4j.READ_ACCESS) as session:
                    found = session.run(neo4j.Query(text, timeout=READ_SECONDS), dict(parameters or {}))
                    names = found.keys()
                    return [dict(zip(names, map(plain, row.values()), strict=True)) for row in found]
            except StoreBusy:
                if attempt == _READ_TRIES:
                    raise
        raise AssertionError("unreachable")

    def read(self, text: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run a reading query in a transaction, retried while the server is away; for whoever writes as well."""

        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            return [dict(row) for row in transaction.run(text, dict(parameters or {}))]

        with _told(self.uri), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(work)

    def write(self, text: str, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Run one writing text in a transaction of its own, retried while the server is away."""
        return self.write_all([(text, parameters or {})])

    def write_all(self, texts: Sequence[tuple[str, Mapping[str, Any]]]) -> Rows:
        """Run writing texts in one transaction and return the rows of the last; all of them hold, or none."""

        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            rows: Rows = []
            for text, parameters in texts:
                rows = [dict(row) for row in transaction.run(text, dict(parameters))]
            return rows

        with _told(self.uri), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=mode)


def connect(uri: str, database: str | None = None, ask: Callable[[], str | None] = lambda: None) -> BoltStore:
    """Open the graph at ``bolt://``, ``neo4j://`` or their ``+s`` forms.

    User name and password come from NEO4J_USERNAME (default neo4j) and NEO4J_PASSWORD, or ``ask`` gives the password;
    the database comes from NEO4J_DATABASE where none is given. Raises ConfigError for an address of something else,
    a password in it, or no password at all.
    """
    parts = urlsplit(uri)
    if parts.username or parts.password:
        raise ConfigError("the address may not hold a user name or password; set NEO4J_USERNAME and NEO4J_PASSWORD")
    if parts.scheme not in _SCHEMES:
        raise ConfigError(f"not an address of a graph server; it begins with {', '.join(_SCHEMES)}", uri=uri)
    password = secret("NEO4J_PASSWORD") or ask()
    if password is None:
        raise ConfigError("set NEO4J_PASSWORD in the environment to the password of the graph server", uri=uri)
    auth = (secret("NEO4J_USERNAME") or "neo4j", password)
    return BoltStore(uri, auth, database or secret("NEO4J_DATABASE"))


def plain(value: object) -> Any:
    """Return what a query gave as plain values that JSON can hold; nodes keep their labels."""
    if value is None or isinstance(value, str | int | float | bool):  # nearly all are
        return value
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": plain(dict(value))}
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": plain(dict(value))}
    if isinstance(value, Path):
        return {"nodes": plain(list(value.nodes)), "relationships": plain(list(value.relationships))}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)


@contextmanager
def _told(uri: str) -> Iterator[None]:
    """Turn the driver's errors into ones that say what, where, and what to do."""
    try:
        yield
    except bolt.AuthError as error:
        raise StoreError(
            "the graph server refuses this user name or password; check NEO4J_USERNAME and NEO4J_PASSWORD", uri=uri
        ) from error
    except (bolt.ConfigurationError, ValueError) as error:
        raise ConfigError(f"not an address of a graph server: {error}", uri=uri) from error
    except bolt.ServiceUnavailable as error:
        _tell_of_tls(error, uri)
        raise StoreBusy(
            "no graph server answers here; start it (`make neo4j` starts a local one) or check the address", uri=uri
        ) from error
    except bolt.TransientError as error:
        raise StoreBusy(f"the graph server asks to try again: {error.message}", uri=uri) from error
    except bolt.ConstraintError as error:
        raise Taken(f"the graph server refused: {error.message}", uri=uri) from error
    except bolt.Neo4jError as error:
        # The embedded server takes what it cannot parse for a query that writes.
        if "read only database" in (error.message or ""):
            raise StoreError(
                "refused: only reading queries are answered; this one writes, or is not valid Cypher"
            ) from error
        if _FAILED.search(error.message or ""):
            raise StoreError(
                f"the graph server failed: {error.message.rstrip('. ')}. See whether its disk is full and what its log "
                "says, restart it, and try again: what it had taken stays",
                uri=uri,
            ) from error
        raise StoreError(f"the graph server refused: {error.message}", uri=uri) from error
    except bolt.DriverError as error:
        raise StoreBusy(f"the connection to the graph server broke: {error}", uri=uri) from error


def _tell_of_tls(error: BaseException, uri: str) -> None:
    """Raise StoreError where a server answered and encryption is what failed: to try again would be of no use."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise StoreError(
                f"the certificate of this graph server is not trusted ({cause.verify_message}); set SSL_CERT_FILE to a "
                "file with the certificate of whoever signed it, or let +ssc instead of +s trust it unseen",
                uri=uri,
            ) from error
        if isinstance(cause, ssl.SSLError):
            scheme = urlsplit(uri).scheme.partition("+")[0]
            raise StoreError(f"what answers here does not speak TLS; use {scheme}://", uri=uri) from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for cause in (error.__cause__ or error.__context__, *parts):
        if cause is not None:
            yield from _causes(cause)
