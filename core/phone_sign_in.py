"""A desk computer signs in by the phone that is signed in: scan, look, confirm.

The computer keeps a secret in its session cookie and shows a code with the secret's hash, the
time and what kind of browser asks, signed by this server. The phone confirms by POST, which
adds a sign-in link of two minutes whose hash is that hash; only the computer can spend it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from core import access, accounts, audit, qr
from core.accounts import LoginLink
from core.clock import now
from core.config import settings
from core.db import db, insert, transaction
from core.errors import N_, Conflict, NotFound
from core.signin import enter

pages = Blueprint("phone", __name__, url_prefix="/sign-in/phone")
#: How long a code may be scanned and confirmed, and how long the computer then has.
LIFE = timedelta(minutes=2)
#: Key of the secret in the computer's session cookie.
SECRET = "phone_secret"
#: What is found in the name a browser gives itself, the more special first.
BROWSERS = {
    "w": ("MicroMessenger", "微信"),
    "q": ("QQBrowser", "QQ"),
    "3": ("360", "360"),
    "e": ("Edg", "Edge"),
    "f": ("Firefox", "Firefox"),
    "c": ("Chrome", "Chrome"),
    "s": ("Safari", "Safari"),
}
SYSTEMS = {
    "a": ("Android", "Android"),
    "i": ("iPhone", "iPhone"),
    "p": ("iPad", "iPad"),
    "w": ("Windows", "Windows"),
    "m": ("Mac OS", "macOS"),
    "l": ("Linux", "Linux"),
}
_CODE = re.compile(r"([\w-]{43})\.(\w)(\w)\.([0-9a-f]{8})\.([\w-]{22})", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What a scanned code says: who asks to be signed in, and since when."""

    #: Hash of the computer's secret, as the table of links keeps it.
    token_hash: str
    browser: str
    system: str
    at: datetime

    @property
    def check(self) -> str:
        """Return four digits that stand on both screens, to be compared."""
        return check_number(self.token_hash)

    @property
    def over(self) -> bool:
        """Say whether the code is too old to be confirmed."""
        return now() - self.at > LIFE


def check_number(token_hash: str) -> str:
    """Return the four digits of a hash that people compare."""
    return f"{int(token_hash[:8], 16) % 10_000:04d}"


def code_of(secret: str, at: datetime, user_agent: str) -> str:
    """Return what the QR code holds beside our address: a hash, two letters, a time, a seal."""
    digest = _text(hashlib.sha256(secret.encode()).digest())
    said = f"{digest}.{_found(BROWSERS, user_agent)}{_found(SYSTEMS, user_agent)}"
    said += f".{int(at.timestamp()):08x}"
    return f"{said}.{_seal(said)}"


def read(code: str) -> Asked:
    """Return what a code says, or raise :class:`NotFound` unless this server made it."""
    found = _CODE.fullmatch(code)
    if found is None or not hmac.compare_digest(found[5], _seal(code.rpartition(".")[0])):
        raise NotFound(
            "unknown_code", N_("This is no sign-in code of this site. Scan the code again.")
        )
    return Asked(
        token_hash=base64.urlsafe_b64decode(found[1] + "=").hex(),
        browser=BROWSERS.get(found[2], ("", ""))[1],
        system=SYSTEMS.get(found[3], ("", ""))[1],
        at=datetime.fromtimestamp(int(found[4], 16), UTC),
    )


def _found(known: dict[str, tuple[str, str]], user_agent: str) -> str:
    return next((key for key, (part, _word) in known.items() if part in user_agent), "0")


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _seal(said: str) -> str:
    key = settings().secret_key.encode()
    return _text(hmac.digest(key, f"phone sign-in {said}".encode(), "sha256")[:16])


def confirm(asked: Asked, actor: access.Actor) -> None:
    """Let the computer that asks sign in as ``actor`` during the next two minutes, once."""
    if asked.over:
        raise Conflict(
            "code_over", N_("This code is older than two minutes. Show a new one and scan it.")
        )
    values = {"seed": "", "user_id": actor.id, "expires_at": now() + LIFE, "spent_at": None}
    added = insert(LoginLink).values(token_hash=asked.token_hash, **values)
    done = db.session.scalar(added.on_conflict_do_nothing().returning(LoginLink.user_id))
    if done is None:
        raise Conflict(
            "code_confirmed", N_("This code has been confirmed already. Show a new one if needed.")
        )
    audit.record("phone_confirm", "user", str(actor.id), actor=actor)


def _asking() -> tuple[str, datetime]:
    """Return the secret of this computer and its age; a new one when the old one is over."""
    kept = session.get(SECRET)
    if kept and "new" not in request.args:
        at = datetime.fromtimestamp(kept[1], UTC)
        if now() - at < LIFE:
            return kept[0], at
    secret, at = secrets.token_urlsafe(32), now().replace(microsecond=0)
    session[SECRET] = [secret, int(at.timestamp())]
    return secret, at


@pages.route("/", methods=["GET", "POST"])
@access.public
def show() -> Any:
    """Show the code to be scanned; the POST signs in once the phone has confirmed."""
    early = False
    if request.method == "POST" and session.get(SECRET):
        try:
            with transaction():
                enter(accounts.spend_link(session[SECRET][0]), "sign_in_phone")
        except NotFound:
            early = True
        else:
            return redirect(url_for("account.home"))
    secret, at = _asking()
    code = code_of(secret, at, request.headers.get("User-Agent", ""))
    address = settings().public_url + url_for("phone.scanned", token=code)
    page = render_template(
        "account/phone.html",
        symbol=qr.svg(address, "M", module=5),
        check=check_number(accounts.hashed(secret)),
        early=early,
        ends=at + LIFE,
    )
    return page, 422 if request.method == "POST" else 200


@pages.get("/status")
@access.public
def status() -> Response:
    """Say whether the phone has confirmed; it changes nothing."""
    kept = session.get(SECRET)
    if not kept:
        return jsonify(state="over")
    confirmed = accounts.link_owner(kept[0]) is not None
    over = now() - datetime.fromtimestamp(kept[1], UTC) > LIFE
    return jsonify(state="confirmed" if confirmed else "over" if over else "waiting")


@pages.route("/<token>", methods=["GET", "POST"])
@access.signed_in
def scanned(token: str) -> str:
    """Show the phone who asks to be signed in; its POST says yes."""
    asked = read(token)
    if request.method == "POST":
        with transaction():
            confirm(asked, access.current())
    return render_template("account/phone_confirm.html", asked=asked, done=request.method == "POST")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(pages)
