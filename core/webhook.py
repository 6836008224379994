"""Messages as signed JSON to an address of the installation's own, e.g. a gateway to SMS.

The receiver computes the HMAC of timestamp, a full stop and the body as it came, compares it with
``X-QM-Signature`` and refuses an old timestamp; a known ``id`` is a repetition.
"""

import hashlib
import hmac
import http.client
import json
import ssl
from urllib.parse import SplitResult, urlsplit

from core.clock import now
from core.config import settings
from core.letters import Letter, Undelivered

#: Seconds for connecting, and for each part of the answer.
TIMEOUT = 20.0
#: Answers that ask to come again although they begin with 4.
LATER = (408, 425, 429)


def send(letter: Letter) -> None:
    """Post a letter to the webhook, or raise :class:`Undelivered`; no redirect is followed."""
    status = _post(urlsplit(settings().webhook_url), body(letter))
    if 200 <= status < 300:
        return
    if status >= 500 or status in LATER:
        raise Undelivered("webhook_busy", final=False, number=status)
    raise Undelivered("webhook_refused", final=True, number=status)


def body(letter: Letter) -> bytes:
    """Return the JSON of a letter."""
    to = {"name": letter.name, "mobile": letter.mobile, "email": letter.email}
    values = {"id": letter.id, "kind": letter.kind, "to": to}
    values |= {"title": letter.title, "text": letter.text}
    return json.dumps(values, ensure_ascii=False).encode()


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """Return the hex HMAC-SHA256 of timestamp, full stop and body."""
    signed = timestamp.encode() + b"." + content
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _post(url: SplitResult, content: bytes) -> int:
    timestamp = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "quality-month",
        "X-QM-Timestamp": timestamp,
        "X-QM-Signature": signature(settings().webhook_secret, timestamp, content),
    }
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection = _connection(url)
    try:
        connection.request("POST", target, content, headers)
        return connection.getresponse().status
    except ssl.SSLCertVerificationError:
        raise Undelivered("webhook_certificate", final=False) from None
    except (http.client.HTTPException, OSError):
        raise Undelivered("webhook_unreachable", final=False) from None
    finally:
        connection.close()


def _connection(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "http":
        return http.client.HTTPConnection(host, url.port, timeout=TIMEOUT)
    context = ssl.create_default_context()
    return http.client.HTTPSConnection(host, url.port, timeout=TIMEOUT, context=context)
