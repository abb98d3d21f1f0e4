"""Serving the application: one socket, loopback unless told otherwise."""

from __future__ import annotations

import socket

import uvicorn

from kg.errors import ConfigError
from kg.serve.app import LOOPBACK, make_app
from kg.serve.asking import Using

_EVERY_ADDRESS = ("0.0.0.0", "::")


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises ConfigError for an address that cannot be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(
            f"cannot listen here: {error.strerror}; choose another --port", host=host, port=port
        ) from None


def address(link: socket.socket) -> str:
    """Return the address to give to a browser."""
    host, port = link.getsockname()[:2]
    if host in _EVERY_ADDRESS:
        host = socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(using: Using, link: socket.socket, seconds: float) -> None:
    """Answer with the graph that ``using`` gives until told to end. ``seconds``: what one question may take."""
    host = link.getsockname()[0]
    # Who listens at every address has chosen to be asked under any name.
    hosts = ("*",) if host in _EVERY_ADDRESS else (*LOOPBACK, host)
    config = uvicorn.Config(make_app(using, hosts, seconds), log_level="warning", timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[link])
