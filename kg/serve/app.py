"""The application: the REST interface, the page, and what keeps both to themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from kg.errors import KGError, StoreError, Transient, VocabularyError
from kg.serve.asking import SECONDS, Asker, Using
from kg.serve.routes import BOUNDARY, router

LOOPBACK = ("127.0.0.1", "localhost")
STATIC = Path(__file__).with_name("static")

# Everything that the page needs comes from here; a text that looks like a script is only ever text.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def make_app(using: Using, hosts: Sequence[str] = LOOPBACK, seconds: float = SECONDS) -> FastAPI:
    """Return the application over the graph that ``using`` gives for each question.

    ``hosts``: the names it answers to, so that no foreign page can ask it under a name of its own; ``seconds``: what
    one question may take.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.asker = Asker(using, seconds)
        yield
        app.state.asker.close()

    app = FastAPI(title="medkg", description=BOUNDARY, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))

    @app.middleware("http")
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response

    @app.exception_handler(KGError)
    async def refused(request: Request, error: KGError) -> JSONResponse:
        return JSONResponse({"code": error.code, "message": str(error)}, _status(error))

    app.include_router(router)
    app.mount("/", StaticFiles(directory=STATIC, html=True))
    return app


def _status(error: KGError) -> int:
    if isinstance(error, Transient):
        return 503
    if isinstance(error, VocabularyError):
        return 404
    return 404 if isinstance(error, StoreError) and "statement" in error.context else 400
