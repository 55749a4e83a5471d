"""The hash chain that makes a dossier's history tamper-evident.

What an event says about people enters the chain as a salted digest. Erasing
the data and its salt leaves the chain whole, and nobody can guess the data
back from the digest.
"""

import datetime as dt
import hashlib
from typing import Any

import msgspec

GENESIS = bytes(32)
"""What the first event of a dossier is chained to."""

_canonical = msgspec.json.Encoder(order="deterministic")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What the chain protects of one event, personal data as *digest* only."""

    dossier_id: str
    seq: int
    transition: str
    at: dt.datetime
    actor_id: int | None
    role: str
    from_state: str | None
    to_state: str
    digest: bytes


def digest(data: Any, salt: bytes) -> bytes:
    """The salted digest (32 bytes) of an event's JSON-like *data*."""
    return hashlib.sha256(salt + _canonical.encode(data)).digest()


def link_hash(previous: bytes, link: Link) -> bytes:
    """The hash (32 bytes) of *link*, chained to the event before it."""
    at_utc = link.at.astimezone(dt.UTC)
    body = _canonical.encode(msgspec.structs.replace(link, at=at_utc))
    return hashlib.sha256(previous + body).digest()
