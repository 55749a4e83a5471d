"""Small files that are what they say, and some that are not."""

import struct
import zlib

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00\x03" + bytes(200)


def _chunk(kind: bytes, content: bytes) -> bytes:
    sealed = kind + content
    return struct.pack(">I", len(content)) + sealed + struct.pack(">I", zlib.crc32(sealed))


def _drawn(width: int, height: int) -> bytes:
    points = (b"\0" + b"\x8a\x10\x10" * width) * height
    return (
        PNG[:8]
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(points))
        + _chunk(b"IEND", b"")
    )


def wide(points: int) -> bytes:
    """A small file with a picture of two lines of *points*."""
    return _drawn(points, 2)


CREST = _drawn(40, 40)
"""A picture that can also be drawn."""
