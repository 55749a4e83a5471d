"""What is there in Vietnamese only, marked on a page in another language.

What the law and a definition say is not translated. A reader's software has to know, or it
reads it aloud as English.
"""

import re

from markupsafe import Markup

from motcua.plugin.texts import spoken

_MARKS = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def native(words: str) -> str:
    """*words*, within an element that says so if they are Vietnamese where English is spoken."""
    mark = native_lang(words)
    return Markup("<span{}>{}</span>").format(mark, words) if mark else words


def native_lang(words: str) -> Markup:
    """The attribute that says so, for an element that can hold no other."""
    foreign = spoken() != "vi" and _MARKS.search(words)
    return Markup(' lang="vi"') if foreign else Markup("")
