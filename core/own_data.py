"""What the product holds about one account, gathered from every feature; and forgetting it.

A feature registers a part: ``collect`` reads, ``forget`` runs in the caller's transaction. The
core knows accounts, browsers and messages; a feature knows what it keeps beside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core import accounts, audit
from core.access import Actor, Role
from core.accounts import Grant, LoginSession, User
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, InvalidInput
from core.notify import Message, MessageState
from core.personal import clean_name, name_key, parse_mobile
from core.sealed import plain

#: What a deleted account is called; the rest is its public id.
DELETED = "deleted-"


@dataclass(frozen=True)
class Section:
    """Rows about one person from one place; titles are message ids."""

    name: str
    title: str
    #: Key of a row → heading; keys without one are in the copy only.
    columns: Mapping[str, str]
    rows: list[dict[str, Any]]
    #: How long they are kept.
    kept: str = ""


@dataclass(frozen=True)
class Part:
    """What a feature contributes."""

    collect: Callable[[User], list[Section]]
    #: Returns how many rows it emptied.
    forget: Callable[[User], int]


_parts: dict[str, Part] = {}


def register(
    name: str, collect: Callable[[User], list[Section]], forget: Callable[[User], int]
) -> None:
    """Add a feature's part, or replace it."""
    _parts[name] = Part(collect, forget)


def sections(user: User) -> list[Section]:
    """Return everything about ``user`` beside the account itself."""
    found = [_browsers(user), _messages(user)]
    for name in sorted(_parts):
        found += _parts[name].collect(user)
    return found


def _browsers(user: User) -> Section:
    rows = db.session.execute(
        sa.select(LoginSession.created_at, LoginSession.seen_at)
        .filter_by(user_id=user.id)
        .order_by(LoginSession.created_at)
    )
    return Section(
        "browsers",
        N_("Browsers signed in"),
        {"created_at": N_("Since"), "seen_at": N_("Last seen")},
        [dict(row._mapping) for row in rows],
        N_("12 hours at most"),
    )


def _messages(user: User) -> Section:
    names = ("at", "kind", "channel", "state", "to_name", "to_address", "title", "text", "sent_at")
    rows = db.session.execute(
        sa.select(*(getattr(Message, name) for name in names))
        .filter_by(user_id=user.id)
        .order_by(Message.id)
    )
    return Section(
        "messages",
        N_("Messages to you"),
        {"at": N_("Time"), "to_address": N_("Address"), "title": N_("Subject"), "text": N_("Text")},
        [dict(row._mapping) for row in rows],
        N_("Names and addresses are emptied when the retention time is over"),
    )


def acts(user: User) -> int:
    """Return how many acts of ``user`` the audit log holds."""
    entry = audit.AuditEntry
    mine = sa.and_(entry.actor_kind == "account", entry.actor_id == user.id)
    return db.session.scalar(sa.select(sa.func.count()).select_from(entry).where(mine)) or 0


def grants(user: User) -> list[Grant]:
    """Return the roles of ``user``."""
    return list(db.session.scalars(sa.select(Grant).filter_by(user_id=user.id).order_by(Grant.id)))


def copy(user: User) -> dict[str, Any]:
    """Return everything about ``user`` as plain values, to be taken along as JSON."""
    kept = ("public_id", "login", "name", "email", "created_at")
    return {
        "account": {name: plain(getattr(user, name)) for name in kept}
        | {"password_set": bool(user.password_hash)},
        "roles": [
            {name: plain(getattr(held, name)) for name in ("role", "scope", "scope_id", "party_id")}
            for held in grants(user)
        ],
        "acts_in_the_audit_log": acts(user),
        **{section.name: plain(section.rows) for section in sections(user)},
    }


def correctable(user: User) -> dict[str, str]:
    """Return what the person may correct."""
    return {"name": user.name, "login": user.login, "email": user.email}


def is_mobile(login: str) -> bool:
    """Say whether an account is named after a mobile number."""
    try:
        return parse_mobile(login) == login
    except InvalidInput:
        return False


def change(user: User, *, name: str, login: str, email: str) -> list[str]:
    """Correct an account, in the caller's transaction, and return which fields changed.

    A login that is a mobile number stays one; the name of another kind stays a name, for the
    office gives numbers out. Raises :class:`Conflict` when the login is taken.
    """
    if login != user.login:
        if is_mobile(login) != is_mobile(user.login):
            raise Conflict(
                "login_kind",
                N_("A mobile number can only be replaced by another one. Ask the office."),
            )
        if db.session.scalar(sa.select(User.id).filter_by(login=login)):
            raise Conflict(
                "login_taken",
                N_("This account exists already. Choose another name for the account."),
            )
        # An older link may lie in the messages of a number that is somebody else's now.
        accounts.end_links(user.id)
    wish = {"name": clean_name(name), "login": login, "email": email}
    changed = [field for field, value in wish.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, wish[field])
    if changed:
        audit.record(
            "correct", "user", user.public_id, actor=Actor("account", user.id), fields=changed
        )
    db.session.flush()
    return changed


def is_deleted(user: User) -> bool:
    """Say whether the owner has deleted the account."""
    return user.login == DELETED + user.public_id


def delete(user: User, typed: str) -> None:
    """Close an account for good and forget its owner, in the caller's transaction.

    What the person filed stays: it is the record of a body. Raises :class:`InvalidInput` when
    the name is not theirs, :class:`Conflict` for the last administrator.
    """
    if name_key(typed) != name_key(user.name):
        raise InvalidInput(
            "name_differs", N_("This is not the name of the account. Type it as shown above.")
        )
    _keep_an_administrator(user)
    forgotten: dict[str, Any] = {name: part.forget(user) for name, part in sorted(_parts.items())}
    forgotten["messages"] = _forget_messages(user)
    user.login, user.name, user.email = DELETED + user.public_id, "", ""
    user.password_hash, user.disabled_at = "", now()
    accounts.close_all_sessions(user.id)
    accounts.end_links(user.id)
    db.session.execute(sa.delete(Grant).filter_by(user_id=user.id))
    actor = Actor("account", user.id)
    audit.record("delete", "user", user.public_id, actor=actor, **forgotten)
    db.session.flush()


def _keep_an_administrator(user: User) -> None:
    """Refuse when nobody else could manage accounts; two who leave at once wait for each other."""
    administrators = db.session.scalars(
        sa.select(User.id)
        .where(User.disabled_at.is_(None), User.grants.any(Grant.role == Role.ADMIN))
        .order_by(User.id)
        .with_for_update()
        # Of two who leave at once the second sees the first as it is then.
        .execution_options(populate_existing=True)
    ).all()
    if list(administrators) == [user.id]:
        raise Conflict(
            "last_administrator",
            N_("You are the only administrator. Make somebody else one before you leave."),
        )


def _forget_messages(user: User) -> int:
    mine = Message.user_id == user.id
    queued = sa.and_(mine, Message.state == MessageState.QUEUED)
    db.session.execute(sa.update(Message).where(queued).values(state=MessageState.CANCELLED))
    emptied = {"to_name": "", "to_address": "", "title": "", "text": ""}
    done = db.session.scalars(sa.update(Message).where(mine).values(emptied).returning(Message.id))
    return len(done.all())
