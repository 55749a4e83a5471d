"""From where a request comes, for counting attempts."""

import ipaddress
from typing import Any

from litestar.connection import ASGIConnection

_NETWORK = 64
"""Of a long address, the part that one line or telephone has for itself."""


def address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Who asks: the peer, or whom a trusted proxy (``--proxy``) asks for."""
    peer = connection.client.host if connection.client else ""
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if not isinstance(found, ipaddress.IPv6Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, _NETWORK), strict=False))
