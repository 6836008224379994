"""PURE: canonical JSON and its SHA-256, the one hashing function of the product.

Equal values give equal bytes on every machine and after a journey through the database; what has
more than one spelling (a float, a naive time, a set) is refused instead of guessed.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def canonical(value: object) -> bytes:
    """Return ``value`` as canonical JSON in UTF-8.

    Strings are NFC, keys sorted by code point, decimals strings as they are written, instants
    UTC with ``Z``, bytes hexadecimal, enums their value. Raises ``TypeError`` for floats and
    every other type, ``ValueError`` for naive times, decimals that are no number, and keys that
    NFC makes equal.
    """
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def seal(value: object) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def plain(value: object) -> Any:
    """Return ``value`` made of JSON's own types; its canonical form is the same."""
    if isinstance(value, Enum):  # before str and int: a StrEnum is both
        return plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):  # before date: an instant is one too
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a sealed decimal is a number")
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a sealed instant is aware")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _object(value: Mapping[Any, object]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = plain(key)
        if not isinstance(key, str) or not isinstance(name, str):
            raise TypeError("a sealed object has names of text")
        if name in found:
            raise ValueError("two names of a sealed object are the same text")
        found[name] = plain(item)
    return found
