"""Reading what people type into the portal's search boxes and date fields."""

import datetime as dt
import re

from motcua.domain.report import Period as Counted
from motcua.plugin.texts import text

DOSSIER_CODE = re.compile(r"^[A-Z0-9]+(\.[A-Z0-9]+)*-\d{6}-\d{4,}$")
VIETNAMESE_DATE = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")


def dossier_code(typed: str) -> str | None:
    """*typed* as a dossier code, if it has the shape of one."""
    code = "".join(typed.split()).upper()
    return code if DOSSIER_CODE.match(code) else None


def day(typed: str) -> dt.date:
    """A date typed as ``23/11/2026`` or ``2026-11-23``.

    Raises:
        ValueError: It is no date.
    """
    if found := VIETNAMESE_DATE.match(typed.strip()):
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    return dt.date.fromisoformat(typed.strip())


class Period:
    """The period of the first page, as it was typed.

    Attributes:
        typed: Field id to what stands in the field.
        faults: Pairs of field id and what is wrong with it.
    """

    def __init__(self, first: str, last: str) -> None:
        """Read the two dates; empty ones choose nothing."""
        self.typed = {"from": first, "to": last}
        self.faults: list[tuple[str, str]] = []
        self.first = self._read("from", first)
        self.last = self._read("to", last)
        if self.first and self.last and self.first > self.last:
            self.faults.append(("to", text("ui.period.backwards")))
        elif not self.faults and bool(self.first) != bool(self.last):
            self.faults.append(("to" if self.first else "from", text("ui.period.both")))

    def _read(self, field: str, typed: str) -> dt.date | None:
        if not typed.strip():
            return None
        try:
            found = day(typed)
        except ValueError:
            found = None
        if found is None or not Counted.EARLIEST <= found <= Counted.LATEST:
            self.faults.append((field, text("ui.period.no_date", typed=typed.strip())))
            return None
        return found
