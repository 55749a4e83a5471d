"""Where a request comes from, as the log of sign-ins keeps it."""

from typing import Any

from litestar.connection import ASGIConnection

from motcua.services.signin_log import Client


def client_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Client:
    """The network address and browser of a request."""
    peer = connection.client
    return Client(peer.host if peer else "", connection.headers.get("user-agent", ""))
