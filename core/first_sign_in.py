"""The first visit of somebody who was invited: name, mobile and password are set, the link spent.

Opening a link changes nothing, however often and on however many devices; the first POST does it
all in one transaction. Nobody takes an account over by typing its mobile: whoever types the
number of another account proves by its password that both are theirs, and the two become one.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from core import accounts, audit
from core.access import Actor, Role
from core.accounts import Grant, LoginLink, User
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, NotFound
from core.personal import InvalidMobile, parse_mobile

#: Logins of accounts whose owner's mobile nobody knows yet begin like this.
PLACEHOLDER = "body-"
#: How the name of such an account ends while nobody has said a better one.
UNNAMED = "联络员"


@dataclass(frozen=True)
class Wish:
    """What the person said on the first visit, checked."""

    name: str
    mobile: str
    email: str


def is_placeholder(login: str) -> bool:
    """Say whether an account still waits for its owner's mobile."""
    return login.startswith(PLACEHOLDER)


def mobile_of(user: User) -> str:
    """Return the mobile an account signs in with, or an empty text."""
    try:
        return parse_mobile(user.login)
    except InvalidMobile:
        return ""


def owner(token: str) -> User | None:
    """Return the account of a link that still opens, without spending it."""
    return db.session.scalar(
        sa.select(User)
        .join(LoginLink, LoginLink.user_id == User.id)
        .where(
            LoginLink.token_hash == accounts.hashed(token),
            LoginLink.spent_at.is_(None),
            LoginLink.expires_at > now(),
            User.disabled_at.is_(None),
        )
    )


def asks(user: User) -> bool:
    """Say whether the first visit asks for name, mobile and password: an invited officer's does.

    Accounts with a name of their own for a login (laboratories, the office) are signed in by the
    button and reminded to set a password.
    """
    if user.password_hash or not (is_placeholder(user.login) or mobile_of(user)):
        return False
    held = sa.select(Grant.id).filter_by(user_id=user.id, role=Role.LIAISON).limit(1)
    return db.session.scalar(held) is not None


def known(user: User) -> dict[str, str]:
    """Return what the form is filled with, as far as somebody has said it."""
    unnamed = is_placeholder(user.login) and user.name.endswith(UNNAMED)
    return {"name": "" if unnamed else user.name, "mobile": mobile_of(user), "email": user.email}


def other_with(mobile: str, user: User) -> User | None:
    """Return the other account that has this mobile, closed ones included."""
    return db.session.scalar(sa.select(User).where(User.login == mobile, User.id != user.id))


def _held(user: User) -> set[tuple[object, ...]]:
    columns = (Grant.role, Grant.scope, Grant.scope_id, Grant.party_id)
    rows = db.session.execute(sa.select(*columns).where(Grant.user_id == user.id))
    return {tuple(row) for row in rows}


def spend(token: str) -> int:
    """Spend a link and return its user's id; of many at once exactly one succeeds."""
    try:
        return accounts.spend_link(token)
    except NotFound:
        raise refusal(token) from None


def refusal(token: str) -> NotFound:
    """Return why a link opens nothing: it has done its work, or it is dead."""
    done = sa.select(User.id).join(LoginLink, LoginLink.user_id == User.id)
    done = done.where(
        LoginLink.token_hash == accounts.hashed(token),
        LoginLink.spent_at.is_not(None),
        User.password_hash != "",
        User.disabled_at.is_(None),
    )
    if db.session.scalar(done) is None:
        return accounts.dead_link()
    return NotFound(
        "link_used",
        N_(
            "This sign-in link has been used, and the account is set up. "
            "Sign in with your mobile number and your password."
        ),
    )


def set_up(token: str, wish: Wish, password_hash: str) -> int:
    """Spend the link, give its account name, mobile and password, and return the account's id.

    An account that has the mobile already, was never set up and holds nothing more is set up in
    its place: that gives nobody a right they did not have. Any other is refused.
    """
    user = db.session.get_one(User, spend(token))
    other = other_with(wish.mobile, user)
    if other is not None:
        if other.password_hash or other.disabled_at or not _held(other) <= _held(user):
            raise Conflict(
                "mobile_taken",
                N_(
                    "This number belongs to another account. Open the newest link that was sent "
                    "to it, or ask the office."
                ),
            )
        user = _moved(token, user, other)
    user.name, user.login, user.email = wish.name, wish.mobile, wish.email
    accounts.set_password(user.id, password_hash)
    return user.id


def join(token: str, other_id: int) -> int:
    """Spend the link and give what its account holds to the one whose password was just given."""
    user = db.session.get_one(User, spend(token))
    return _moved(token, user, db.session.get_one(User, other_id)).id


def _moved(token: str, user: User, other: User) -> User:
    hand_over(user, other, Actor("account", other.id))
    # Whoever opens the link again learns that it has done its work.
    mine = sa.update(LoginLink).where(LoginLink.token_hash == accounts.hashed(token))
    db.session.execute(mine.values(user_id=other.id))
    return other


def hand_over(user: User, other: User, actor: Actor) -> None:
    """Give every grant of ``user``, who never had a password, to ``other`` and close it."""
    for held in db.session.scalars(sa.select(Grant).filter_by(user_id=user.id)).all():
        accounts.grant(other, held.role, held.scope, held.scope_id, held.party_id)
        db.session.delete(held)
    user.disabled_at = now()
    db.session.flush()
    accounts.close_all_sessions(user.id)
    accounts.end_links(user.id)
    audit.record("join", "user", user.public_id, actor=actor, into=other.public_id)
