"""PURE: text that can be stored and shown, whoever sent it."""

import re

from core.errors import N_, InvalidInput

#: Control characters, lone surrogates (no UTF-8 for them) and the mark of undecodable bytes.
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
#: What a text of several lines holds besides letters.
LINES = "\t\r\n"


def readable(text: str, allow: str = "") -> bool:
    """Say whether ``text`` holds no control character but those in ``allow``, and is decoded."""
    return all(found in allow for found in _BAD.findall(text))


def without_unreadable(text: str) -> str:
    """Return ``text`` without what makes it unreadable; line breaks stay."""
    return _BAD.sub(lambda found: found[0] if found[0] in LINES else "", text)


def check_line(text: str, allow: str = "") -> str:
    """Return a text unchanged, or raise :class:`InvalidInput`; ``LINES`` allows several lines."""
    if not readable(text, allow):
        raise InvalidInput(
            "text_unreadable", N_("Type it again: it contains characters that cannot be shown.")
        )
    return text
