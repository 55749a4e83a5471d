"""From where a request comes, for counting attempts."""

import ipaddress
from typing import Any

from litestar.connection import ASGIConnection

_NETWORK = 64
"""Of a long address, the part that one line or telephone has for itself."""


def address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Who asks, as the network tells.

    A proxy on this machine says for whom it asks; what anybody else says of that is
    not believed.
    """
    peer = connection.client.host if connection.client else ""
    told = connection.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(peer)
        if found.is_loopback and told:
            found = ipaddress.ip_address(told)
    except ValueError:
        return peer
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, _NETWORK), strict=False))
    return str(found)
