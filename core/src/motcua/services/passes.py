"""What lets the holder of a dossier act on it for a while, after proving to be that.

A pass is signed and kept by the browser alone: nothing is stored, no address names
the dossier, and it is good at one tenant for one dossier.
"""

import base64
import datetime as dt
import hmac
from uuid import UUID

from motcua.domain.errors import MotCuaError
from motcua.services.house import Desk, House

GOOD_FOR = dt.timedelta(hours=2)
_ID, _UNTIL = 16, 8


class NoPassError(MotCuaError):
    """Nobody has proven to be the holder of a dossier here, or it was too long ago."""

    code = "pass.none"
    status = 403


def issue(house: House, desk: Desk, dossier_id: UUID) -> str:
    """A pass for one dossier, good from now on for two hours."""
    until = int((house.now() + GOOD_FOR).timestamp())
    said = dossier_id.bytes + until.to_bytes(_UNTIL, "big")
    return base64.urlsafe_b64encode(said + _seal(house, desk, said)).decode()


def read(house: House, desk: Desk, shown: str) -> UUID:
    """The dossier a pass is for.

    Raises:
        NoPassError: it is none of ours, another tenant's, or too old.
    """
    try:
        raw = base64.b64decode(shown.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        raise NoPassError from None
    said, seal = raw[: _ID + _UNTIL], raw[_ID + _UNTIL :]
    if not hmac.compare_digest(seal, _seal(house, desk, said)):
        raise NoPassError
    if int.from_bytes(said[_ID:], "big") <= house.now().timestamp():
        raise NoPassError
    return UUID(bytes=said[:_ID])


def _seal(house: House, desk: Desk, said: bytes) -> bytes:
    return hmac.digest(house.key, b"pass %d " % desk.id + said, "sha256")
