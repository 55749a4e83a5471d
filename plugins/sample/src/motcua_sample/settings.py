"""What a commune may set for the sample plugin."""

import msgspec


class SampleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one tenant; each has a default, so that enabling is a tick.

    Attributes:
        free: Whether the commune waives the fee.
    """

    free: bool = False
