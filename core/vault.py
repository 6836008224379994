"""Wrapping of secrets at rest: a stolen database alone opens nothing."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.config import settings
from core.errors import N_, Unavailable


def _box() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"quality-month wrap 1").derive(
        settings().secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def wrap(secret: bytes) -> bytes:
    """Return ``secret`` encrypted under ``QM_SECRET_KEY``."""
    return _box().encrypt(secret)


def unwrap(wrapped: bytes) -> bytes:
    """Return the secret; raise :class:`Unavailable` when ``QM_SECRET_KEY`` is not the one used."""
    try:
        return _box().decrypt(wrapped)
    except InvalidToken as error:
        raise Unavailable(
            "wrong_secret_key",
            N_("The server's key does not open its secrets. Tell the administrator."),
        ) from error
