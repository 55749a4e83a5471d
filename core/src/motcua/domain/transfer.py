"""What a bank's app reads to transfer money: VietQR, the national form of EMV's QR code.

Sources: EMVCo, *QR Code Specification for Payment Systems, Merchant-Presented Mode*, v1.1
(the objects, their lengths, the checksum of ID 63); NAPAS, *Technical Specifications on NAPAS
QR Switching, part IV: QR Code Format*, v1.5.2 of January 2021 (ID 38 with the identifier
A000000727, the bank's BIN and the account under it, the service QRIBFTTA for a transfer to an
account, the purpose in ID 62-08 with at most 25 characters).
"""

import re
from typing import Annotated

import msgspec

MOST_PURPOSE = 25
"""Characters of the purpose (NAPAS, ID 62-08)."""
MOST_AMOUNT = 10**13 - 1
"""What thirteen characters hold (EMVCo, ID 54)."""
_NAPAS, _TO_ACCOUNT = "A000000727", "QRIBFTTA"
_DONG, _VIETNAM = "704", "VN"
_ONCE, _ALWAYS = "12", "11"
_NOT_SAFE = re.compile(r"[^0-9A-Z]+")


class BankAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account that money is transferred to.

    Attributes:
        bank: The bank's name, as people find it in their own bank's list.
        bin: Its number at NAPAS, six digits.
        number: Of the account.
        holder: In whose name it is.
    """

    bank: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    bin: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{6}$")]
    number: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,19}$")]
    holder: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


def vietqr(account: BankAccount, amount: int = 0, purpose: str = "") -> str:
    """The words of a QR code for a transfer to *account*.

    Args:
        account: Where the money goes.
        amount: In VND; 0 leaves it to whoever pays.
        purpose: What comes with the transfer, as :func:`purpose_of` makes it.
    """
    beneficiary = _object("00", account.bin) + _object("01", account.number)
    napas = _object("00", _NAPAS) + _object("01", beneficiary) + _object("02", _TO_ACCOUNT)
    said = [
        _object("00", "01"),
        _object("01", _ONCE if amount else _ALWAYS),
        _object("38", napas),
        _object("53", _DONG),
        _object("54", str(amount)) if amount else "",
        _object("58", _VIETNAM),
        _object("62", _object("08", purpose)) if purpose else "",
        "6304",
    ]
    words = "".join(said)
    return f"{words}{checksum(words):04X}"


def purpose_of(code: str) -> str:
    """A dossier's *code* as it goes with a transfer: banks take letters, digits and spaces."""
    return _NOT_SAFE.sub(" ", code.upper()).strip()[:MOST_PURPOSE].strip()


def number_of(typed: str) -> str:
    """A bank's number of a transfer, whatever blanks and signs were typed into it.

    One transfer may pay for several dossiers: ``/2`` behind the number says which of them.
    """
    before, _, part = typed.upper().rpartition("/")
    number = _NOT_SAFE.sub("", before)
    if number and part.strip().isdecimal():
        return f"{number}/{int(part)}"
    return _NOT_SAFE.sub("", typed.upper())


def checksum(words: str) -> int:
    """CRC-16 of *words* with the polynomial 1021 and the beginning FFFF (ISO/IEC 13239)."""
    found = 0xFFFF
    for byte in words.encode():
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1) ^ (0x1021 if found & 0x8000 else 0)
        found &= 0xFFFF
    return found


def _object(number: str, value: str) -> str:
    return f"{number}{len(value):02d}{value}"
