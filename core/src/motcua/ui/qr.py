"""QR codes for the screen."""

import segno
from markupsafe import Markup


def picture(words: str) -> str:
    """*words* as a QR code: the address of a picture, which the page's policy lets through."""
    return segno.make_qr(words, error="m").svg_data_uri(border=4, light="#fff", scale=5)


def drawn(words: str) -> Markup:
    """*words* as a QR code that is part of the page: SVG without script and style."""
    made = segno.make_qr(words, error="m")
    svg = made.svg_inline(omitsize=True, border=2, light="#fff", svgclass=None, lineclass=None)
    return Markup(svg)  # noqa: S704 - segno draws squares only, none of the text


def photo(words: str) -> str:
    """*words* as a QR code that a telephone keeps among its pictures, for apps that read those."""
    return segno.make_qr(words, error="m").png_data_uri(border=4, scale=8)
