"""What every page of one installation says: its name, its place, where to get help."""

from collections.abc import Mapping
from typing import Any

import msgspec

from motcua.domain.tenant import Contact


class HelpDesk(msgspec.Struct, frozen=True, kw_only=True):
    """Where people get help; stands at the same place on every page.

    Attributes:
        name: Whom one calls, such as ``Trung tâm Phục vụ hành chính công``.
        phone: As printed, ``1900 0000``; empty if none is configured.
        hours: Working hours in words.
        address: Where the desk is.
    """

    name: str
    phone: str = ""
    hours: str = ""
    address: str = ""


def help_of(settings: Mapping[str, Any], general: HelpDesk) -> HelpDesk:
    """Where people get help in a unit with these *settings*, or else in the installation."""
    if not settings.get("contact"):
        return general
    found = msgspec.convert(settings["contact"], Contact)
    return HelpDesk(name=general.name, phone=found.phone, hours=found.hours, address=found.address)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One installation, as its pages present it.

    Attributes:
        place: Whose it is, ``Tỉnh Bắc Ninh``.
        test_data: Whether everything in it is invented; every page then says so.
    """

    name: str = "Một cửa điện tử"
    place: str
    help: HelpDesk
    test_data: bool = False


class MenuItem(msgspec.Struct, frozen=True):
    """One line of a menu."""

    label: str
    href: str
    current: bool = False
