"""Passwords: how they are kept, and which are refused.

Kept as argon2id hashes, computed in a thread and few at a time, so that the event
loop never waits for one. Refused is what is short, what everybody tries first, and
the user name; how a password is composed is nobody's business.
"""

import asyncio
import importlib.resources
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from motcua.domain.errors import FieldFault
from motcua.domain.names import search_key

P = ParamSpec("P")
R = TypeVar("R")

SHORTEST, LONGEST = 8, 256
"""Characters of a password; the least of OWASP ASVS 5.0 (6.2.1)."""
_AT_ONCE = 2
"""Hashes computed at one time; each takes 19 MiB."""
_NOT_LETTERS = re.compile(r"[\W\d_]+")

# The second profile OWASP names for argon2id: little memory, so that a small server
# survives a rush of sign-ins.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""What the password of an account that does not exist is held against: as costly as any."""


def hash_password(password: str) -> str:
    """The argon2id hash of *password*; takes some 30 ms of one core."""
    return hasher.hash(unicodedata.normalize("NFC", password))


def matches(expected: str, password: str) -> bool:
    """Whether *password* is the one whose hash is *expected*; takes as long as hashing."""
    try:
        return hasher.verify(expected, unicodedata.normalize("NFC", password))
    except (VerificationError, InvalidHashError):
        return False


def faults(field: str, password: str, username: str) -> list[FieldFault]:
    """Why *password* cannot be that of *username*; *field* is what the form calls it."""
    length = len(unicodedata.normalize("NFC", password))
    if not SHORTEST <= length <= LONGEST:
        return [FieldFault(field, "staff.password-length", least=SHORTEST, most=LONGEST)]
    if _core(password) == _core(username) or _core(password) in _common():
        return [FieldFault(field, "staff.password-common")]
    return []


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run *function* beside the event loop, few at a time."""
    gate = _gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    async with gate:
        return await asyncio.to_thread(function, *args, **kwargs)


_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _core(words: str) -> str:
    """The letters of *words* without accents and once, or its digits where it has no letters.

    ``Mật khẩu 123!`` is ``matkhau``, and so is ``matkhaumatkhau``.
    """
    letters = _NOT_LETTERS.sub("", search_key(words))
    return _once(letters or re.sub(r"[\W_]+", "", words))


def _once(words: str) -> str:
    """What *words* repeats, or *words*."""
    repeated = (words + words).find(words, 1)
    return words[:repeated] if repeated > 0 else words


@cache
def _common() -> frozenset[str]:
    text = importlib.resources.files("motcua").joinpath("data/common_passwords.txt")
    lines = text.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
