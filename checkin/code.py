"""PURE: the ticket code, the short code for typing, and the secrets derived beside them.

Nothing here is stored: a code follows from the occasion's secret, the registration and its issue
number, so a ticket can be drawn again at any time and stays the same until ``issue_no`` is raised.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from urllib.parse import urlsplit

#: Crockford's base32: no I, L, O (read as 1, 1, 0) and no U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 26 characters of 5 bits carry exactly the 130 bits of a code.
LENGTH = 26
#: 32 characters that nobody confuses on paper: no 0, O, 1 or I.
SHORT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: 8 characters of 5 bits: an identifier, not a secret.
SHORT_LENGTH = 8

_LONGEST = 512
_PIN_DIGITS = 6
_PIN_PURPOSE = "pin of 6 digits"
_LINK = re.compile(r"(?ais)https?://[^/?#\s]+/t/(?P<code>[^/?#]+)/?(?:[?#].*)?")
#: White space, and the hyphens, dashes and minus that keyboards put in place of "-".
_FILLING = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_LOOKALIKES = str.maketrans("ILO", "110")


def derive(secret: bytes, registration_id: int, issue_no: int) -> str:
    """Return the ticket code: the first 130 bits of an HMAC-SHA256 as 26 characters."""
    message = registration_id.to_bytes(8, "big") + issue_no.to_bytes(4, "big")
    mac = hmac.digest(secret, message, "sha256")
    bits = int.from_bytes(mac[:17], "big") >> 6  # 17 bytes are 136 bits
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))


def token(secret: bytes, purpose: str, *numbers: int) -> str:
    """Return a url-safe secret of 128 bits (22 characters) for one purpose and its numbers."""
    mac = _mac(secret, purpose, numbers)
    return base64.urlsafe_b64encode(mac[:16]).rstrip(b"=").decode("ascii")


def pin(secret: bytes, *numbers: int) -> str:
    """Return six digits to be typed; the bias of 256 bits modulo a million is below 2^-236."""
    mac = _mac(secret, _PIN_PURPOSE, numbers)
    return str(int.from_bytes(mac, "big") % 10**_PIN_DIGITS).zfill(_PIN_DIGITS)


def _mac(secret: bytes, purpose: str, numbers: tuple[int, ...]) -> bytes:
    # A purpose is text, so it never equals the message of a ticket code (zero bytes first);
    # numbers have a fixed width, so no two lists of numbers give the same message.
    key = hmac.digest(secret, purpose.encode("utf-8"), "sha256")
    return hmac.digest(key, b"".join(number.to_bytes(8, "big") for number in numbers), "sha256")


def normalise(text: str) -> str | None:
    """Return the 26 characters of a scanned or typed code or ticket link, else ``None``."""
    if len(text) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", text).strip()
    if link_found := _LINK.fullmatch(text):
        text = link_found["code"]
    return _characters(text, ALPHABET, LENGTH, lookalikes=True)


def digest(code: str) -> bytes:
    """Return the SHA-256 of a normalised code: all that the database keeps of a ticket.

    Raises ``ValueError`` for anything :func:`normalise` would still change or refuse, because
    the digest of another spelling would never be found.
    """
    if normalise(code) != code:
        raise ValueError("not a normalised ticket code")
    return hashlib.sha256(code.encode("ascii")).digest()


def short_code(random_bytes: bytes) -> str:
    """Return the short code that five random bytes spell."""
    if len(random_bytes) != 5:
        raise ValueError("a short code is spelt by exactly 5 bytes")
    bits = int.from_bytes(random_bytes, "big")
    return "".join(SHORT_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


def normalise_short(text: str) -> str | None:
    """Return the 8 characters of a typed short code, else ``None``."""
    if len(text) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", text)
    return _characters(text, SHORT_ALPHABET, SHORT_LENGTH)


def _characters(text: str, alphabet: str, length: int, *, lookalikes: bool = False) -> str | None:
    text = _FILLING.sub("", text)
    if len(text) != length or not text.isascii():  # upper() turns some other letters into ASCII
        return None
    text = text.upper()
    if lookalikes:
        text = text.translate(_LOOKALIKES)
    return text if set(text) <= set(alphabet) else None


def link(public_url: str, code: str, lower: bool = False) -> str:
    """Return the ticket's link, in capitals so that a QR code needs its alphanumeric mode only."""
    site = urlsplit(public_url)
    address = f"{site.scheme}://{site.netloc}/T/{code}"
    return address.lower() if lower else address.upper()
