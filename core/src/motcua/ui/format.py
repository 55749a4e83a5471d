"""How dates, times, money and shares are written, the Vietnamese way.

Pure functions; the templates use them as filters. Aware times are shown in
Vietnamese time, whatever zone they arrive in.
"""

import datetime as dt
import re

from motcua.domain.calendar import VN
from motcua.plugin.texts import text

NBSP = "\u00a0"
_MEGA = 1024 * 1024
SYMBOL = re.compile(r'<use href="#([a-z]+-[a-z0-9-]+)"')


def local(moment: dt.datetime) -> dt.datetime:
    """*moment* on a Vietnamese clock."""
    return moment.astimezone(VN)


def day_of(when: dt.date | dt.datetime) -> dt.date:
    """The Vietnamese calendar day of a date or a moment."""
    return local(when).date() if isinstance(when, dt.datetime) else when


def date(when: dt.date | dt.datetime) -> str:
    """``23/11/2026``."""
    return f"{day_of(when):%d/%m/%Y}"


def short_date(when: dt.date | dt.datetime) -> str:
    """``23/11``."""
    return f"{day_of(when):%d/%m}"


def iso_date(when: dt.date | dt.datetime) -> str:
    """``2026-11-23``, for machines."""
    return day_of(when).isoformat()


def iso_moment(when: dt.datetime) -> str:
    """``2026-11-25T17:00+07:00``, for machines."""
    return local(when).isoformat(timespec="minutes")


def hour(when: dt.datetime | dt.time) -> str:
    """``16:30``."""
    return f"{local(when) if isinstance(when, dt.datetime) else when:%H:%M}"


def moment(when: dt.datetime) -> str:
    """``23/11/2026 16:30``."""
    return f"{date(when)} {hour(when)}"


def weekdays() -> list[str]:
    """Monday to Sunday, as inside a sentence."""
    return text("ui.weekdays").split(",")


def weekday(when: dt.date | dt.datetime) -> str:
    """``thứ Hai``, as inside a sentence."""
    return weekdays()[day_of(when).weekday()]


def short_weekday(when: dt.date | dt.datetime) -> str:
    """``T2``, for a narrow column."""
    return text("due.weekdays").split()[day_of(when).weekday()]


def long_date(when: dt.date | dt.datetime) -> str:
    """``thứ Tư 25/11/2026``, for a sentence."""
    return f"{weekday(when)} {date(when)}"


def number(value: int) -> str:
    """``29.494``."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, places: int = 1) -> str:
    """``258,7``."""
    whole, _, rest = f"{value:,.{places}f}".partition(".")
    return f"{whole.replace(',', '.')},{rest}" if rest else whole.replace(",", ".")


def money(value: int) -> str:
    """``2.000 đ``, with a space that does not break, and a true minus."""
    return f"{number(value)}{NBSP}đ".replace("-", "\N{MINUS SIGN}")


def file_size(value: int) -> str:
    """``812 KB``, ``1,4 MB``; never nothing."""
    if value < _MEGA:
        return f"{max(1, round(value / 1024))}{NBSP}KB"
    return f"{decimal(value / _MEGA)}{NBSP}MB"


def megabytes(value: int) -> str:
    """``10 MB``, for a limit."""
    return f"{value // _MEGA}{NBSP}MB"


def percent(value: float | None) -> str:
    """``99,3 %``, or a dash where nothing was counted."""
    return "–" if value is None else f"{decimal(value)}{NBSP}%"


def phone_link(words: str) -> str:
    """The address of a telephone number as printed: ``tel:19000000``."""
    return "tel:" + re.sub(r"[^+\d]", "", words)


def first_words(words: str, most: int) -> str:
    """The first of *words*, as far as *most* letters have room, and that there are more."""
    short = ""
    for word in words.split():
        if len(short) + len(word) > most:
            return f"{short} …"
        short = f"{short} {word}".strip()
    return short


def capital(words: str) -> str:
    """*words* with a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]


def symbols(markup: str) -> list[str]:
    """The names of the icons that *markup* draws, each once, sorted."""
    return sorted(set(SYMBOL.findall(str(markup))))
