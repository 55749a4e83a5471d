"""Numbers and days in Vietnamese words, as certification texts write them."""

import datetime as dt

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def day(date: dt.date) -> str:
    """``ngày 05 tháng 01 năm 2026``: days below 10 and months 1, 2 take a zero (Decree 30)."""
    number, month, year = parts(date)
    return f"ngày {number} tháng {month} năm {year}"


def parts(date: dt.date) -> tuple[str, str, str]:
    """Day, month and year of *date* as papers write them."""
    month = f"{date.month:02}" if date.month <= 2 else str(date.month)  # noqa: PLR2004 - Decree 30
    return f"{date.day:02}", month, str(date.year)


def day_in_words(date: dt.date) -> str:
    """``ngày năm tháng một năm hai nghìn không trăm hai mươi sáu``."""
    return f"ngày {number(date.day)} tháng {number(date.month)} năm {number(date.year)}"


def hour(at: dt.datetime) -> str:
    """``09 giờ 05 phút``."""
    return f"{at.hour:02} giờ {at.minute:02} phút"


def number(n: int) -> str:
    """A number below 10,000 in words."""
    thousands, rest = divmod(n, 1000)
    hundreds, low = divmod(rest, 100)
    words = [f"{_DIGITS[thousands]} nghìn"] if thousands else []
    if hundreds or (thousands and low):
        words.append(f"{_DIGITS[hundreds]} trăm")
    if low or not words:
        words.append(_below_hundred(low, after=bool(words)))
    return " ".join(words)


def _below_hundred(n: int, *, after: bool) -> str:
    tens, ones = divmod(n, 10)
    if not tens:
        return f"linh {_DIGITS[ones]}" if after else _DIGITS[ones]
    lead = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if not ones:
        return lead
    said = {1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}
    return f"{lead} {said.get(ones, _DIGITS[ones])}"
