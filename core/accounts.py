"""People with an account: users, grants in a scope, sign-in sessions and one-time links.

A session cookie holds a random token, the table its hash; signing out, disabling the account,
30 idle minutes or 12 hours end it. A link is spent by one UPDATE, by the POST of its button.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core import passwords
from core.access import Actor, Held, Role, Scope
from core.account_tables import Grant, LoginLink, LoginSession, User
from core.clock import now
from core.config import settings
from core.db import Model, db
from core.errors import N_, NotFound

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = [
    "ABSOLUTE", "IDLE", "LINK_LIFE", "SEEN_EVERY", "Grant", "LoginLink", "LoginSession", "User",
    "authenticate", "close_all_sessions", "close_session", "create", "dead", "dead_link",
    "end_links", "find_session", "grant", "hash_password", "hashed", "link_owner", "live_link",
    "live_links", "make_link", "open_session", "purge", "redraw", "revoke", "set_password",
    "spend_link", "touch_session", "with_other_duties",
]  # fmt: skip

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
LINK_LIFE = timedelta(days=14)


def hashed(token: str) -> str:
    """Return what the tables keep of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    """Return a hash to verify against when the login is unknown, so that time tells nothing."""
    return _hasher().hash(secrets.token_urlsafe(16))


def create(login: str, name: str) -> User:
    """Add a user without password or role."""
    user = User(login=login.strip(), name=name.strip())
    db.session.add(user)
    db.session.flush()
    return user


def grant(
    user: User, role: Role, scope: Scope = Scope.SYSTEM, scope_id: int = 0, party_id: int = 0
) -> None:
    """Give ``user`` a role in a scope; giving it twice changes nothing."""
    values = {"role": role, "scope": scope, "scope_id": scope_id, "party_id": party_id}
    if db.session.scalar(sa.select(Grant).filter_by(user_id=user.id, **values)) is None:
        db.session.add(Grant(user_id=user.id, **values))
        db.session.flush()


def revoke(user: User, role: Role, scope: Scope = Scope.SYSTEM, scope_id: int = 0) -> bool:
    """Take a role back and say whether ``user`` held it."""
    held = sa.delete(Grant).filter_by(user_id=user.id, role=role, scope=scope, scope_id=scope_id)
    return db.session.scalar(held.returning(Grant.id)) is not None


def hash_password(password: str) -> str:
    """Return the argon2id hash; call it before the transaction, it takes 40 ms."""
    return _hasher().hash(password)


def set_password(user_id: int, password_hash: str) -> None:
    """Store a new password and end every session and unspent link of the user."""
    db.session.execute(sa.update(User).filter_by(id=user_id).values(password_hash=password_hash))
    close_all_sessions(user_id)
    end_links(user_id)


def authenticate(login: str, password: str) -> int | None:
    """Return the id of the user, or None in the same time whether the login exists or not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > passwords.MAX:
        password = ""  # nobody's, and checked all the same
    row = db.session.execute(
        sa.select(User.id, User.password_hash).where(
            User.login == login.strip(), User.disabled_at.is_(None)
        )
    ).first()
    try:
        _hasher().verify((row and row.password_hash) or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return None
    return row.id if row and row.password_hash else None


def open_session(user_id: int) -> str:
    """Start a session and return the token for the cookie."""
    token, at = secrets.token_urlsafe(32), now()
    db.session.add(
        LoginSession(token_hash=hashed(token), user_id=user_id, created_at=at, seen_at=at)
    )
    return token


def close_session(token: str) -> None:
    """End a session; the token is worth nothing from now on."""
    db.session.execute(sa.delete(LoginSession).where(LoginSession.token_hash == hashed(token)))


def close_all_sessions(user_id: int) -> None:
    """End every session of a user, e.g. after a change of password."""
    db.session.execute(sa.delete(LoginSession).where(LoginSession.user_id == user_id))


def find_session(token: str) -> tuple[Actor, bool] | None:
    """Return the actor behind a cookie and whether ``seen_at`` is due, or None."""
    at = now()
    row = db.session.execute(
        sa.select(User.id, User.name, LoginSession.seen_at)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_hash == hashed(token),
            LoginSession.seen_at > at - IDLE,
            LoginSession.created_at > at - ABSOLUTE,
            User.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    held = db.session.execute(
        sa.select(Grant.role, Grant.scope, Grant.scope_id, Grant.party_id).where(
            Grant.user_id == row.id
        )
    )
    actor = Actor("account", row.id, row.name, frozenset(Held(*grant) for grant in held))
    return actor, row.seen_at < at - SEEN_EVERY


def touch_session(token: str) -> None:
    """Note that the session is in use."""
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.token_hash == hashed(token))
        .values(seen_at=now())
    )


def make_link(user: User, life: timedelta = LINK_LIFE) -> str:
    """Return the token of a new sign-in link; older ones open nothing any more."""
    # Of two made at once the second ends the first, so it waits until that one is there.
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    end_links(user.id)
    seed = secrets.token_urlsafe(16)
    token = _drawn(seed)
    db.session.add(
        LoginLink(token_hash=hashed(token), seed=seed, user_id=user.id, expires_at=now() + life)
    )
    return token


def live_link(user_id: int) -> tuple[str, datetime] | None:
    """Return token and end of the user's link that still opens something, to show it again."""
    return live_links([user_id]).get(user_id)


def live_links(user_ids: Iterable[int]) -> dict[int, tuple[str, datetime]]:
    """Return token and end of the link of each of these users that still opens something.

    Links of accounts with another duty are shown once, to the administrator, and never again.
    """
    rows = db.session.execute(
        sa.select(LoginLink.user_id, LoginLink.seed, LoginLink.expires_at).where(
            LoginLink.user_id.in_(list(user_ids)),
            LoginLink.user_id.not_in(_with_other_duties()),
            LoginLink.seed != "",
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
        )
    )
    return {row.user_id: (_drawn(row.seed), row.expires_at) for row in rows}


def with_other_duties(user_ids: Iterable[int]) -> set[int]:
    """Return which of these users hold more than the role of a liaison officer.

    Whoever sees a link of theirs could act as office, administrator, laboratory or judge.
    """
    wanted = _with_other_duties().where(Grant.user_id.in_(list(user_ids)))
    return set(db.session.scalars(wanted))


def _with_other_duties() -> sa.Select[int]:
    return sa.select(Grant.user_id).where(Grant.role != Role.LIAISON)


def redraw(link_hash: str) -> str | None:
    """Return the token of a link known by its hash, or None when it opens nothing any more."""
    seed = db.session.scalar(
        sa.select(LoginLink.seed)
        .join(User, User.id == LoginLink.user_id)
        .where(
            LoginLink.token_hash == link_hash,
            User.id.not_in(_with_other_duties()),
            LoginLink.seed != "",
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
            User.disabled_at.is_(None),
        )
    )
    token = _drawn(seed) if seed else ""
    # Under another key than the one it was made with, a seed draws a token that opens nothing.
    return token if hashed(token) == link_hash else None


def _drawn(seed: str) -> str:
    """Return the token of a seed; only this server's key draws it."""
    key = settings().secret_key.encode()
    drawn = hmac.digest(key, f"sign-in link {seed}".encode(), "sha256")
    return base64.urlsafe_b64encode(drawn[:24]).decode()


def end_links(user_id: int) -> None:
    """End every unspent link of a user: it may lie in somebody else's messages."""
    db.session.execute(
        sa.update(LoginLink)
        .where(LoginLink.user_id == user_id, LoginLink.spent_at.is_(None))
        .values(spent_at=now())
    )


def link_owner(token: str) -> str | None:
    """Return the name a live link greets, without spending it."""
    return db.session.scalar(
        sa.select(User.name)
        .join(LoginLink, LoginLink.user_id == User.id)
        .where(
            LoginLink.token_hash == hashed(token),
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
            User.disabled_at.is_(None),
        )
    )


def spend_link(token: str) -> int:
    """Spend a link and return its user's id; of many at once exactly one succeeds."""
    user_id: int | None = db.session.scalar(
        sa.update(LoginLink)
        .where(
            LoginLink.token_hash == hashed(token),
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
            LoginLink.user_id.in_(sa.select(User.id).where(User.disabled_at.is_(None))),
        )
        .values(spent_at=now())
        .returning(LoginLink.user_id)
    )
    if user_id is None:
        raise dead_link()
    return user_id


def dead_link() -> NotFound:
    """Return the refusal for a link that is spent, expired or was never made."""
    return NotFound(
        "dead_link",
        N_("This sign-in link has been used or has expired. Ask the office for a new one."),
    )


def dead(at: datetime) -> list[tuple[type[Model], sa.ColumnElement[bool]]]:
    """Return, by table, which sessions and links nobody can use any more."""
    idle = sa.or_(LoginSession.seen_at < at - IDLE, LoginSession.created_at < at - ABSOLUTE)
    return [(LoginSession, idle), (LoginLink, LoginLink.expires_at < at)]


def purge() -> None:
    """Delete sessions and links nobody can use any more."""
    for model, where in dead(now()):
        db.session.execute(sa.delete(model).where(where))
