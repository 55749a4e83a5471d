"""QR codes for the screen."""

import segno


def picture(words: str) -> str:
    """*words* as a QR code: the address of a picture, which the page's policy lets through."""
    return segno.make_qr(words, error="m").svg_data_uri(border=4, light="#fff", scale=5)
