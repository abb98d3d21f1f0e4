"""A SPARQL endpoint over a graph folder, as the SPARQL 1.1 Protocol has it, and a page to ask it. It only reads.

Each query runs as ``kg sparql`` runs it: in a process of its own, without network, with a limit of time and memory.
On loopback a request must name loopback as its host, so that no web page reaches the graph under a name of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar
from urllib.parse import parse_qs, urlsplit

from kg.errors import DataError, KGError, StoreBusy, StoreError
from kg.stores.rdf_query import QueryTimeout, ask

_RESULTS = (
    "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
)  # fmt: skip
_GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
_PAGE = Path(__file__).with_name("rdf_page")
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST_QUERY = 1 << 20
_AT_ONCE = 4
_STATUS: tuple[tuple[type[KGError], HTTPStatus], ...] = (
    (DataError, HTTPStatus.BAD_REQUEST),
    (QueryTimeout, HTTPStatus.GATEWAY_TIMEOUT),
    (StoreBusy, HTTPStatus.SERVICE_UNAVAILABLE),
)


class SparqlServer:
    """Serves the graph of a folder at ``http://host:port/``. Use it in a ``with`` block.

    ``timeout`` is the limit of one query in seconds; four run at once, others are told to come again (503). Raises
    StoreError where the address cannot be listened at.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 0, timeout: float = 30.0) -> None:
        running = threading.BoundedSemaphore(_AT_ONCE)
        facts = {"folder": Path(folder), "limit": timeout, "running": running, "local": host in _LOOPBACK}
        try:
            self._server = ThreadingHTTPServer((host, port), type("Handler", (_Handler,), facts))
        except OSError as error:
            raise StoreError(f"cannot listen: {error.strerror}", host=host, port=port) from error
        self.url = f"http://{host}:{self._server.server_port}/"

    def serve_forever(self) -> None:
        """Answer until ``close`` is called from another thread, or the process is interrupted."""
        self._server.serve_forever()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()

    def __enter__(self) -> SparqlServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    folder: ClassVar[Path]
    limit: ClassVar[float]
    running: ClassVar[threading.BoundedSemaphore]
    local: ClassVar[bool]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Give the page, or answer the query of the address."""
        self._answer()

    def do_POST(self) -> None:
        """Answer the query of the body."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: queries may tell of patients."""

    def _answer(self) -> None:
        try:
            if self.local and (urlsplit(f"//{self.headers['Host']}").hostname or "") not in _LOOPBACK:
                raise _Refused(HTTPStatus.FORBIDDEN, "ask for this machine under its own name: localhost")
            place = urlsplit(self.path)
            if self.command == "GET" and place.path in _FILES:
                name, kind = _FILES[place.path]
                with (_PAGE / name).open("rb") as file:
                    self._send(HTTPStatus.OK, f"{kind}; charset=utf-8", file)
            elif place.path == "/sparql":
                self._query(parse_qs(place.query) if self.command == "GET" else self._posted())
            else:
                raise _Refused(HTTPStatus.NOT_FOUND, "there is a page at / and an endpoint at /sparql")
        except _Refused as refusal:
            self._say(refusal.status, str(refusal))
        except KGError as error:
            status = next((s for kind, s in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
            self._say(status, error.message)

    def _posted(self) -> dict[str, list[str]]:
        length = self.headers["Content-Length"] or ""
        if not length.isdecimal() or int(length) > _LONGEST_QUERY:
            self.close_connection = True
            raise _Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a query has a length of at most {_LONGEST_QUERY} bytes"
            )
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        kind = self.headers.get_content_type()
        if kind == "application/x-www-form-urlencoded":
            return parse_qs(body)
        name = kind.removeprefix("application/sparql-")
        if name not in ("query", "update"):
            raise _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "post a form or application/sparql-query")
        return {name: [body]}

    def _query(self, fields: dict[str, list[str]]) -> None:
        if "update" in fields:
            raise _Refused(HTTPStatus.FORBIDDEN, "this endpoint only reads; build the graph with `kg build`")
        if len(fields.get("query", ())) != 1:
            raise _Refused(HTTPStatus.BAD_REQUEST, "give one query")
        if any(name in fields for name in ("default-graph-uri", "named-graph-uri")):
            raise _Refused(HTTPStatus.BAD_REQUEST, "name graphs in the query: all of them are asked together")
        results, graph = (self._preferred(offered) for offered in (_RESULTS, _GRAPHS))
        if not self.running.acquire(blocking=False):
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, f"{_AT_ONCE} queries are running; ask again")
        try:
            with tempfile.TemporaryFile() as file:
                media = ask(self.folder, fields["query"][0], file, results, graph, self.limit)
                self._send(HTTPStatus.OK, media, file)
        finally:
            self.running.release()

    def _preferred(self, offered: tuple[str, ...]) -> str:
        """The first of what the client names that is offered; else the first offer."""
        for wanted in (self.headers["Accept"] or "").split(","):
            name = wanted.partition(";")[0].strip().lower()
            if name in offered:
                return name
        return offered[0]

    def _say(self, status: HTTPStatus, reason: str) -> None:
        # A body that nobody read would be taken for the next request.
        self.close_connection = True
        self._send(status, "text/plain; charset=utf-8", BytesIO(f"{reason}\n".encode()))

    def _send(self, status: HTTPStatus, media: str, file: IO[bytes]) -> None:
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(length))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        shutil.copyfileobj(file, self.wfile)
