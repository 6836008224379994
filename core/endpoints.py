"""Where messages go, as the settings say it: the mail server, its sender, the webhook.

No refusal here quotes what was set: an address of a server may hold a password.
"""

import re
from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

#: The plain form of an address; whatever is not of it cannot carry a second header or recipient.
EMAIL = re.compile(
    r"(?=.{3,254}$)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@[a-z0-9-]+(\.[a-z0-9-]+)*",
    re.ASCII | re.IGNORECASE,
)
#: Names of this machine itself; what goes there crosses no network.
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """A mail server to which messages are handed."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    #: ``start`` turns encryption on by STARTTLS, ``whole`` speaks nothing else.
    tls: Literal["", "start", "whole"]


def is_email(text: str) -> bool:
    """Say whether ``text`` is one plain e-mail address."""
    return EMAIL.fullmatch(text) is not None


def mail_server(url: str, *, strict: bool = False) -> MailServer:
    """Return the server of ``smtp://…`` or ``smtps://…``; raise ``ValueError`` for another text.

    ``strict`` refuses a password that would cross a network in the clear.
    """
    parts, port = _split(url)
    wish = parse_qs(parts.query, keep_blank_values=True)
    known = wish in ({}, {"starttls": ["0"]}, {"starttls": ["1"]})
    if parts.scheme not in ("smtp", "smtps") or parts.path not in ("", "/") or not known:
        raise ValueError(
            "is smtp://user:password@host:587?starttls=1 or smtps://user:password@host:465"
        )
    if parts.scheme == "smtps":
        tls: Literal["", "start", "whole"] = "whole"
    else:
        tls = "start" if wish == {"starttls": ["1"]} else ""
    host, user = parts.hostname or "", unquote(parts.username or "")
    if strict and user and not tls and host not in LOOPBACK:
        raise ValueError("sends a password in the clear; add ?starttls=1 or use smtps://")
    return MailServer(
        host, port or (465 if tls == "whole" else 587), user, unquote(parts.password or ""), tls
    )


def sender(text: str) -> tuple[str, str]:
    """Return name and address of ``质量月 <zly@example.gov.cn>``, or raise ``ValueError``."""
    found = getaddresses([text])
    if len(found) != 1 or not is_email(found[0][1]) or not text.isprintable():
        raise ValueError("is one e-mail address, with a name before it or not: 名称 <name@host>")
    return found[0]


def check_webhook(url: str, *, strict: bool = False) -> None:
    """Raise ``ValueError`` unless ``url`` can be called; ``strict`` asks for HTTPS."""
    parts, _port = _split(url)
    if parts.scheme not in ("http", "https") or parts.username or parts.fragment:
        raise ValueError("is an https:// address without user and fragment")
    if strict and parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("starts with https:// in production: messages hold mobiles and links")


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # Raised anew, without its cause: that quotes what was set.
        parts, port = SplitResult("", "", "", "", ""), None
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("is no address with a host; write %40 for @ and %2F for / in a password")
    return parts, port
