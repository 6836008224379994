"""E-mail by SMTP: one message, one connection, one verdict.

What a server says in words is never kept: it quotes addresses. Its number decides: 4xx is tried
again, 5xx is final.
"""

import contextlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from core import endpoints
from core.clock import local, now
from core.config import settings
from core.endpoints import MailServer
from core.letters import Letter, Undelivered

#: Seconds for each word of the conversation with the server.
TIMEOUT = 20.0


def send(letter: Letter) -> None:
    """Hand a letter to the mail server, or raise :class:`Undelivered`."""
    server = endpoints.mail_server(settings().smtp_url)
    message = compose(letter, endpoints.sender(settings().mail_from))
    try:
        _hand_over(server, message)
    except smtplib.SMTPAuthenticationError as error:
        # Final, for repeated wrong passwords close an account.
        raise _answered("mail_sign_in", error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise Undelivered("mail_unsupported", final=True) from None
    except smtplib.SMTPRecipientsRefused as error:
        number = next(iter(error.recipients.values()))[0]
        raise _answered("recipient_refused", number) from None
    except smtplib.SMTPResponseException as error:
        raise _answered("mail_refused", error.smtp_code) from None
    except ssl.SSLCertVerificationError:
        raise Undelivered("mail_certificate", final=False) from None
    except (smtplib.SMTPException, OSError):
        raise Undelivered("mail_unreachable", final=False) from None


def compose(letter: Letter, sender: tuple[str, str]) -> EmailMessage:
    """Return the letter as a plain text e-mail; nothing in it can add a header or a recipient."""
    if not endpoints.is_email(letter.email):
        raise Undelivered("address_unfit", final=True)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*sender)
    message["To"] = _address(letter.name, letter.email)
    message["Subject"] = _line(letter.title)
    message["Date"] = format_datetime(local(now()))
    # Always the same for one message: whoever gets it twice can tell.
    message["Message-ID"] = f"<{letter.id}@{_host()}>"
    message["Auto-Submitted"] = "auto-generated"
    # Base64: a server on the way may know nothing of eight bits.
    message.set_content(letter.text, cte="base64")
    return message


def _hand_over(server: MailServer, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    if server.tls == "whole":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, _host(), timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, _host(), timeout=TIMEOUT)
    try:
        if server.tls == "start":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(message)
        # It is the server's now: whatever happens at parting, it must not be sent again.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.quit()
    finally:
        connection.close()


def _answered(code: str, number: int) -> Undelivered:
    if 400 <= number < 500:
        return Undelivered("mail_deferred", final=False, number=number)
    # Servers that break off mid-way are reported with the number -1 or their greeting's.
    if number < 500:
        return Undelivered("mail_unreachable", final=False)
    return Undelivered(code, final=True, number=number)


def _host() -> str:
    """Return the name by which this server is known outside."""
    return urlsplit(settings().public_url).hostname or "localhost"


def _address(name: str, address: str) -> Address:
    user, _at, host = address.rpartition("@")
    return Address(_line(name), user, host)


def _line(text: str) -> str:
    """Return a text for one header: whatever does not print becomes a space.

    Nor may it hold an encoded word: the library would decode it, with any line break inside.
    """
    printed = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printed.replace("=?", "= ?").split())
