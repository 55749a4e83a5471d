"""What a commune may set for certification."""

from typing import Annotated

import msgspec
from msgspec import Meta


class CertificationSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one tenant.

    Attributes:
        many_pages: From how many pages to copy (pages of the original × copies) the two
            extra working days of art. 21 are taken by themselves. None = the officer decides.
    """

    many_pages: Annotated[int, Meta(ge=1)] | None = None
