"""One-time codes by the clock (RFC 6238), as every authenticator app makes them.

Six digits, SHA-1, a new one each thirty seconds. A code is good for its own step
and the one before and after it, because clocks differ; whoever checks remembers
the last step used, so that no code opens a door twice.
"""

import base64
import datetime as dt
import hmac
from urllib.parse import quote, urlencode

SECRET_BYTES = 20
"""The length RFC 4226 recommends for SHA-1."""
STEP_SECONDS = 30
DIGITS = 6
_SKEW = 1
_LOW_31_BITS = 0x7FFFFFFF


def step_at(moment: dt.datetime) -> int:
    """The number of the thirty seconds that *moment* lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of *step*."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & _LOW_31_BITS
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, moment: dt.datetime, *, after: int = -1) -> int | None:
    """The step around *moment* that *code* belongs to, if it comes *after* the last one used."""
    now = step_at(moment)
    found = None
    for step in range(now - _SKEW, now + _SKEW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and step > after:
            found = step
    return found


def written(secret: bytes) -> str:
    """*secret* as a person types it into an app: base32."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, *, issuer: str, account: str) -> str:
    """What the picture says that an authenticator app scans."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?" + urlencode(
        {"secret": written(secret), "issuer": issuer}, quote_via=quote
    )
