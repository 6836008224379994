"""People with an account: users, grants in a scope, sign-in sessions and one-time links.

A session cookie holds a random token, the table its hash; signing out, disabling the account,
30 idle minutes or 12 hours end it. A link is spent by one UPDATE, by the POST of its button.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import passwords
from core.access import Actor, Held, Role, Scope
from core.clock import now
from core.config import settings
from core.db import Model, db, public_id
from core.errors import N_, NotFound

if TYPE_CHECKING:
    from argon2 import PasswordHasher

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
LINK_LIFE = timedelta(days=14)


class User(Model):
    """A person with an account; a ticket holder or a door phone has none."""

    #: Internal number.
    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random identifier for addresses.
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    #: What is typed to sign in: a mobile number or a short name.
    login: Mapped[str] = mapped_column(unique=True)
    #: Shown in records.
    name: Mapped[str]
    #: An addition to the telephone, never asked for to take part; empty for most.
    email: Mapped[str] = mapped_column(default="")
    #: argon2id; empty until the person has set a password.
    password_hash: Mapped[str] = mapped_column(default="")
    #: Since when the account is closed.
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    grants: Mapped[list["Grant"]] = relationship(back_populates="user", order_by="Grant.id")


#: Nobody is judge and laboratory, or two laboratories, in one round.
ONE_ROLE = sa.text("scope = 'round'")


class Grant(Model):
    """A role of a user in a scope."""

    __table_args__ = (
        sa.UniqueConstraint("user_id", "role", "scope", "scope_id"),
        sa.Index(
            "uq_grant_one_role_per_round",
            "user_id",
            "scope_id",
            unique=True,
            sqlite_where=ONE_ROLE,
            postgresql_where=ONE_ROLE,
        ),
        sa.CheckConstraint("(role = 'lab') = (party_id > 0)", name="laboratory_has_party"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    role: Mapped[Role]
    scope: Mapped[Scope]
    #: Number of the thing the scope speaks of; 0 for the whole system.
    scope_id: Mapped[int] = mapped_column(default=0)
    #: Whom the user speaks for inside the scope; 0 for themselves.
    party_id: Mapped[int] = mapped_column(default=0)
    user: Mapped[User] = relationship(back_populates="grants")


class LoginSession(Model):
    """A signed-in browser."""

    #: SHA-256 of the token in the cookie.
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    #: Moved once a minute at most: the one thing a GET may write.
    seen_at: Mapped[datetime]


class LoginLink(Model):
    """A link that signs a person in: opened any number of times, spent by the first POST.

    Its token is drawn from ``seed`` and the server's key, so the office can show it again while
    the database alone opens nothing.
    """

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    #: Random; empty for a link whose token was never drawn here.
    seed: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


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
    end_links(user.id)
    seed = secrets.token_urlsafe(16)
    token = _drawn(seed)
    db.session.add(
        LoginLink(token_hash=hashed(token), seed=seed, user_id=user.id, expires_at=now() + life)
    )
    return token


def live_link(user_id: int) -> tuple[str, datetime] | None:
    """Return token and end of the user's link that still opens something, to show it again."""
    row = db.session.execute(
        sa.select(LoginLink.seed, LoginLink.expires_at).where(
            LoginLink.user_id == user_id,
            LoginLink.seed != "",
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
        )
    ).first()
    return (_drawn(row.seed), row.expires_at) if row else None


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


def purge() -> None:
    """Delete sessions and links nobody can use any more."""
    at = now()
    db.session.execute(
        sa.delete(LoginSession).where(
            sa.or_(LoginSession.seen_at < at - IDLE, LoginSession.created_at < at - ABSOLUTE)
        )
    )
    db.session.execute(sa.delete(LoginLink).where(LoginLink.expires_at < at))
