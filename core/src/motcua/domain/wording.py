"""Messages in a unit's own words: what they may name, what they must, how long they are.

A message is a text with placeholders such as ``{code}``. Only those of its kind may stand
in it, plainly: nothing in a unit's words can reach anything else.
"""

import string
from collections.abc import Mapping

import msgspec

from motcua.domain.errors import FieldFault

MOST_PARTS = 3
"""Short messages that one text may become; each costs the unit money."""
_ONE_PART = {True: 160, False: 70}
_EACH_PART = {True: 153, False: 67}
"""Letters of a short message, alone and as one of several: in the seven-bit alphabet, and
in any other, which Vietnamese with its marks needs (3GPP TS 23.038 and 23.040)."""
_SEVEN_BIT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of message.

    Attributes:
        default: The key of the text that is sent where a unit has none of its own.
        sample: Every placeholder it may name, with an invented value.
        required: Those without which it would be of no use.
    """

    default: str
    sample: Mapping[str, str]
    required: tuple[str, ...]


_DOSSIER = {
    "unit": "Phường Mẫu",
    "code": "09190-261123-0001",
    "procedure": "Đăng ký khai sinh",
    "due": "17:00 25/11/2026",
}

KINDS: Mapping[str, Kind] = {
    "code": Kind(
        default="message.code",
        sample={"unit": "Phường Mẫu", "code": "123456", "minutes": "10"},
        required=("code",),
    ),
    **{
        kind: Kind(default=f"message.{kind}", sample=_DOSSIER, required=("code",))
        for kind in (
            *("submitted", "received", "supplement", "payment", "refused"),
            *("ready", "late", "redated", "unpaid"),
        )
    },
    "paid": Kind(
        default="message.paid",
        sample=_DOSSIER | {"receipt": "2026-000001", "amount": "12.000"},
        required=("code",),
    ),
    "result": Kind(
        default="shelf.message",
        sample={"unit": "Phường Mẫu", "code": "09190-261126-0001"},
        required=("code",),
    ),
}
"""Every kind of message, by the name it is kept under."""


def filled(body: str, values: Mapping[str, object]) -> str:
    """*body* with *values* in the place of its placeholders."""
    for name, value in values.items():
        body = body.replace("{" + name + "}", str(value))
    return body


def parts(body: str) -> int:
    """How many short messages *body* is sent as."""
    plain = set(body) <= _SEVEN_BIT
    length = len(body) if plain else len(body.encode("utf-16-le")) // 2
    if length <= _ONE_PART[plain]:
        return 1
    return -(-length // _EACH_PART[plain])


def faults(field: str, kind: Kind, body: str) -> list[FieldFault]:
    """Everything wrong with a unit's own words for a *kind* of message."""
    try:
        named = list(string.Formatter().parse(body))
    except ValueError:
        return [FieldFault(field, "message.braces")]
    known = " ".join(f"{{{name}}}" for name in kind.sample)
    found = []
    used = set()
    for _, name, form, conversion in named:
        if name is None:
            continue
        used.add(name)
        if name not in kind.sample or form or conversion:
            written = name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            told = {"placeholder": f"{{{written}}}", "known": known}
            found.append(FieldFault(field, "message.placeholder", **told))
    if "{{" in body or "}}" in body:
        found.append(FieldFault(field, "message.braces"))
    found += [
        FieldFault(field, "message.required", placeholder=f"{{{name}}}")
        for name in kind.required
        if name not in used
    ]
    if not found and (count := parts(filled(body, kind.sample))) > MOST_PARTS:
        found.append(FieldFault(field, "message.too-long", parts=count, most=MOST_PARTS))
    return found
