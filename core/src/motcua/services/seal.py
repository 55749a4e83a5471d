"""What is sealed with the installation's key before it is stored."""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from motcua.services.house import House

_NONCE_BYTES = 12
_KEY_NAME = b"seal of stored secrets"


def seal(house: House, content: bytes, label: str) -> bytes:
    """*content* so that only this installation can open it, and only as *label*."""
    nonce = house.entropy(_NONCE_BYTES)
    return nonce + _cipher(house).encrypt(nonce, content, label.encode())


def unseal(house: House, sealed: bytes, label: str) -> bytes | None:
    """What was sealed; ``None`` if the key, the label or a byte is another."""
    nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(house).decrypt(nonce, content, label.encode())
    except (InvalidTag, ValueError):
        return None


def _cipher(house: House) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.digest(house.key, _KEY_NAME, "sha256"))
