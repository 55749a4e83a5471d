"""Through which server a unit sends its mail."""

import ipaddress
from typing import Annotated, Literal

import msgspec

from motcua.plugin import UnfitError

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Seconds = Annotated[int, msgspec.Meta(ge=1, le=60)]
Server = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.:-]*\Z", max_length=253)]
Sender = Annotated[str, msgspec.Meta(pattern=r"^([!-?A-~]+@[A-Za-z0-9.-]+)?\Z", max_length=254)]


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one tenant; while host or sender is empty no mail is offered.

    They name no secret: whose password is used goes by the unit, see :func:`password_variable`.

    Attributes:
        host: The mail server that takes the unit's mail.
        port: Its port.
        security: ``starttls``, ``tls`` or, for a server on the same machine alone, ``none``.
        sender: The address the mail comes from.
        username: Whose account it is; empty: the server asks for none.
        timeout: Seconds to wait for each answer of the server.
    """

    host: Server = ""
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Sender = ""
    username: Annotated[str, msgspec.Meta(max_length=254)] = ""
    timeout: Seconds = 20

    def __post_init__(self) -> None:
        """Keep words and passwords off the network unless they are protected.

        Raises:
            UnfitError: the connection is not protected, and the server on another machine.
        """
        if self.host and self.security == "none" and not _on_this_machine(self.host):
            raise UnfitError("security", "email.unprotected")

    @property
    def complete(self) -> bool:
        """Whether mail can be sent with them."""
        return bool(self.host and self.sender)


def password_variable(slug: str) -> str:
    """The environment variable that holds the password of the unit called *slug*.

    No setting names it: whoever sets up one unit could read another's secret, or the
    installation's own, by sending it to a server of theirs.
    """
    return "MOTCUA_SMTP_PASSWORD_" + slug.replace("-", "_").upper()


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
