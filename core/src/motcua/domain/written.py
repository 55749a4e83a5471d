"""Text as it is stored: composed letters, and nothing that cannot be seen.

Characters without a form – marks that turn the direction of the text around them, blanks
of no width, soft hyphens – make two names that look alike differ, or one look like another.
They are left out wherever people type. Control characters stay, to be refused by name.
"""

import re
import unicodedata

_FORMLESS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n?|\u0085|\u2028|\u2029")


def clean(text: str) -> str:
    """*text* in NFC with plain line ends and without what has no form."""
    seen = _FORMLESS.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", seen.encode("utf-8", "replace").decode())


def pasted(text: str) -> str:
    """:func:`clean` *text* out of a form, also without the zero characters that pasting brings."""
    return clean(text.replace("\x00", ""))
