"""Through which server a unit sends its mail."""

from typing import Literal

import msgspec


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one tenant; while host or sender is empty no mail is offered.

    Attributes:
        host: The mail server that takes the unit's mail.
        port: Its port.
        security: ``starttls``, ``tls`` or, for a server on the same machine, ``none``.
        sender: The address the mail comes from.
        username: Whose account it is; empty: the server asks for none.
        password_variable: The environment variable that holds the password, so that it
            stands neither in the database nor in the history of the configuration.
        timeout: Seconds to wait for the server.
    """

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = ""
    username: str = ""
    password_variable: str = "MOTCUA_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
    timeout: int = 20

    @property
    def complete(self) -> bool:
        """Whether mail can be sent with them."""
        return bool(self.host and self.sender)
