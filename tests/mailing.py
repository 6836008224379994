"""Real servers of this machine that take messages: one speaks SMTP, one HTTP."""

import email
import email.policy
import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.servers import free_port

#: Whoever wants to sign in at the mail server needs these.
USER, PASSWORD = "zly", "p@ss/word"


class Mailbox:
    """What the mail server took; ``answers`` are given to the next recipients instead of 250."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: list[str] = []
        self.data_answers: list[str] = []
        self.signed_in: list[bytes] = []
        self.port = free_port()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken.append(parsed)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"

    def authenticate(self, _server: Any, _s: Any, _e: Any, _mechanism: str, data: Any) -> Any:
        """Accept one user with one password."""
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.signed_in += [data.login] if good else []
        return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(
    box: Mailbox, context: ssl.SSLContext | None = None, *, whole: bool = False
) -> Iterator[None]:
    """Run a mail server on the port of ``box``.

    With a ``context`` it asks for STARTTLS and a user; if ``whole``, it speaks nothing but TLS.
    """
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": box.port}
    if whole:
        options["ssl_context"] = context
    elif context is not None:
        options |= {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": box.authenticate,
        }
    controller = Controller(box, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@dataclass
class Hook:
    """What the webhook took; ``answers`` are the status codes of the next requests, then 200."""

    port: int = 0
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the address to set as QM_WEBHOOK_URL."""
        return f"http://127.0.0.1:{self.port}/hook?room=1"


@contextmanager
def webhook() -> Iterator[Hook]:
    """Run a web server that takes messages."""
    hook = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.taken.append(({**self.headers, "path": self.path}, body))
            status = hook.answers.pop(0) if hook.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", hook.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
