"""Liaison officers (联络员): the accounts that file for a body, and how they come in.

Whoever is invited without a mobile gets an account that waits for its owner's number; a known
mobile is one account, whatever spaces it is typed with and however many bodies it files for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from campaign import telling, wording
from campaign.models import Body, Filing, SlipPerson
from core import accounts, audit, notify
from core.access import Actor, Role, Scope
from core.accounts import Grant, User
from core.db import db
from core.errors import N_, Conflict, InvalidInput, NotFound
from core.first_sign_in import PLACEHOLDER, UNNAMED, hand_over, is_placeholder, mobile_of
from core.notify import Channel, Message, Recipient
from core.personal import check_email, check_name, parse_mobile


@dataclass(frozen=True)
class Officer:
    """An account that files for a body."""

    user: User
    #: ``new``, ``invited``, ``set_up`` or ``closed``.
    state: str
    #: Token and end of the sign-in link that still opens something.
    token: str = ""
    link_until: datetime | None = None
    #: When name and password were set, if the audit log still knows.
    set_up_at: datetime | None = None

    @property
    def name(self) -> str:
        """Return the name to show; empty while nobody has said one."""
        return "" if is_unnamed(self.user) else self.user.name

    @property
    def mobile(self) -> str:
        """Return the mobile; empty while it is not known."""
        return mobile_of(self.user)

    @property
    def recipient(self) -> Recipient:
        """Return the officer as the outbox wants it."""
        user = self.user
        return Recipient(user.id, user.name, self.mobile, user.email, self.token)


def is_unnamed(user: User) -> bool:
    """Say whether an account waits for its owner's number and name."""
    return is_placeholder(user.login) and user.name.endswith(UNNAMED)


def of(body: Body) -> list[Officer]:
    """Return the officers of a body, who came first stands first."""
    return of_bodies([body])[body.id]


def of_bodies(bodies: Sequence[Body]) -> dict[int, list[Officer]]:
    """Return the officers of each body by its number; four statements."""
    ids = [body.id for body in bodies]
    rows = db.session.execute(
        sa.select(Grant.scope_id, User)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.LIAISON, Grant.scope == Scope.BODY, Grant.scope_id.in_(ids))
        .order_by(Grant.id)
    ).all()
    users = {user.id for _body, user in rows}
    links, since = accounts.live_links(users), _set_up_at(users)
    # They come in by their own password, or by a link that only the administrator sees.
    elsewhere = accounts.with_other_duties(users)
    found: dict[int, list[Officer]] = {number: [] for number in ids}
    for body_id, user in rows:
        token, until = links.get(user.id, ("", None))
        ready = user.password_hash or user.id in elsewhere
        state = "closed" if user.disabled_at else "set_up" if ready else "new"
        if state == "new" and token:
            state = "invited"
        found[body_id].append(Officer(user, state, token, until, since.get(user.id)))
    return found


def _set_up_at(users: set[int]) -> dict[int, datetime]:
    entry = audit.AuditEntry
    rows = db.session.execute(
        sa.select(entry.object_id, sa.func.max(entry.at))
        .where(
            entry.action == "first_sign_in",
            entry.object_kind == "user",
            entry.object_id.in_([str(number) for number in users]),
        )
        .group_by(entry.object_id)
    )
    return {int(number): at for number, at in rows}


def find(body: Body, user_id: str) -> User:
    """Return an officer of ``body`` by public id, or raise :class:`NotFound`."""
    user = db.session.scalar(
        sa.select(User)
        .join(Grant, Grant.user_id == User.id)
        .where(User.public_id == user_id, Grant.role == Role.LIAISON)
        .where(Grant.scope == Scope.BODY, Grant.scope_id == body.id)
    )
    if user is None:
        raise NotFound("unknown_officer", N_("This body has no such officer. Reload the page."))
    return user


def invite(
    body: Body,
    actor: Actor,
    *,
    name: str = "",
    mobile: str = "",
    email: str = "",
    renew: bool = False,
) -> User:
    """Return the account that files for ``body``, with a sign-in link while it has no password.

    Without a mobile it is the account of the body that waits for one. A live link is kept, so
    that what lies in somebody's messages goes on to work; ``renew`` ends it and makes another.
    """
    user = add(body, actor, name=name, mobile=mobile, email=email)
    ready = answers_alone(user) or user.disabled_at
    if renew or (not ready and accounts.live_link(user.id) is None):
        make_link(body, user, actor)
    return user


def add(body: Body, actor: Actor, *, name: str = "", mobile: str = "", email: str = "") -> User:
    """Return the account of a mobile, or the waiting one of ``body``, as an officer of ``body``."""
    name = check_name(name) if name.strip() else ""
    email = check_email(email)
    mobile = parse_mobile(mobile) if mobile.strip() else ""
    login = mobile or PLACEHOLDER + body.public_id
    user = db.session.scalar(sa.select(User).filter_by(login=login))
    if user is None:
        user = accounts.create(login, name or body.name + UNNAMED)
        audit.record("create", "user", user.public_id, actor=actor)
    elif user.disabled_at and is_placeholder(login):
        user.disabled_at = None  # it was closed when its owner joined another account
    elif user.disabled_at:
        raise closed()
    if not answers_alone(user):
        user.name, user.email = name or user.name, email or user.email
    make_officer(body, user, actor)
    return user


def answers_alone(user: User) -> bool:
    """Say whether name, address and links of an account are no business of the office.

    So it is when its owner has set it up, and when it has another duty beside a body.
    """
    return bool(user.password_hash or accounts.with_other_duties([user.id]))


def closed() -> Conflict:
    """Return the refusal for the mobile of an account that was closed."""
    return Conflict(
        "account_closed",
        N_("The account of this mobile is closed. Ask the administrator to open it again."),
    )


def make_officer(body: Body, user: User, actor: Actor) -> None:
    """Let an account file for ``body``; doing it twice changes nothing."""
    held = {"role": Role.LIAISON, "scope": Scope.BODY, "scope_id": body.id}
    if db.session.scalar(sa.select(Grant.id).filter_by(user_id=user.id, **held)) is None:
        accounts.grant(user, Role.LIAISON, Scope.BODY, body.id)
        audit.record("officer.add", "body", body.public_id, actor=actor, user=user.public_id)


def make_link(body: Body, user: User, actor: Actor) -> str:
    """Return the token of a new sign-in link of an officer; an older one opens nothing more."""
    if user.disabled_at:
        raise closed()
    if accounts.with_other_duties([user.id]):
        raise Conflict(
            "other_duties",
            N_(
                "This account has other duties as well, so its link is the administrator's to "
                "make. Ask the administrator, or let the officer sign in with the password."
            ),
        )
    token = accounts.make_link(user)
    audit.record("officer.link", "body", body.public_id, actor=actor, user=user.public_id)
    return token


def remove(body: Body, user: User, actor: Actor) -> None:
    """Take the role for ``body`` back: the account files no more from its next page on."""
    if not accounts.revoke(user, Role.LIAISON, Scope.BODY, body.id):
        raise NotFound("unknown_officer", N_("This body has no such officer. Reload the page."))
    if not user.password_hash and not _grants(user):
        accounts.end_links(user.id)  # nobody sets up an account that is for nothing
    audit.record("officer.remove", "body", body.public_id, actor=actor, user=user.public_id)


def _grants(user: User) -> int:
    counted = sa.select(sa.func.count(Grant.id)).filter_by(user_id=user.id)
    return db.session.scalar(counted) or 0


def correct(body: Body, user: User, actor: Actor, *, name: str, mobile: str, email: str) -> User:
    """Correct who files for ``body`` before the account is set up, and return the account.

    A number that was wrong gets no use of the link it was sent; another number may have an
    account already, which then files for the body.
    """
    name = check_name(name) if name.strip() else body.name + UNNAMED
    mobile = parse_mobile(mobile) if mobile.strip() else ""
    if answers_alone(user):
        raise Conflict(
            "set_up_meanwhile",
            N_("The officer has set up the account meanwhile and answers for these data now."),
        )
    known = mobile_of(user)
    if known and not mobile:
        raise InvalidInput(
            "mobile_missing",
            N_("Enter the mobile, or remove this officer and invite the body without a number."),
        )
    if mobile != known:
        user = _renumbered(body, user, mobile, actor)
    if not answers_alone(user):
        user.name, user.email = name, check_email(email)
    db.session.flush()
    return user


def _renumbered(body: Body, user: User, mobile: str, actor: Actor) -> User:
    """Return the account of ``mobile`` as the officer of ``body`` instead of ``user``."""
    taken = db.session.scalar(sa.select(User.id).filter_by(login=mobile))
    if taken is None and _grants(user) == 1:
        if not is_placeholder(user.login):
            accounts.end_links(user.id)  # it lies in the messages of a stranger
        user.login = mobile
        audit.record("officer.number", "body", body.public_id, actor=actor, user=user.public_id)
        return user
    other = add(body, actor, mobile=mobile)
    if is_placeholder(user.login):
        hand_over(user, other, actor)
    else:
        remove(body, user, actor)
    return other


def welcome(body: Body, filing: Filing, actor: Actor) -> list[User]:
    """Make every person of an accepted slip an officer of ``body``; call it in that transaction.

    Whoever has no password yet gets a link, and a message with it is noted to be copied.
    """
    query = sa.select(SlipPerson).filter_by(filing_id=filing.id).order_by(SlipPerson.position)
    found = []
    for person in db.session.scalars(query).all():
        if not person.mobile:
            continue
        user = db.session.scalar(sa.select(User).filter_by(login=person.mobile))
        if user is None:
            user = accounts.create(person.mobile, person.name)
            audit.record("create", "user", user.public_id, actor=actor)
        make_officer(body, user, actor)
        found.append(user)
        if not answers_alone(user) and not user.disabled_at:
            link = accounts.live_link(user.id)
            token = link[0] if link else make_link(body, user, actor)
            to = Recipient(user.id, user.name, person.mobile, user.email, token)
            text = wording.accepted(body.name, user.name)
            telling.deliver("accepted", body, to, text, Channel.COPY, actor)
    return found


def tell(body: Body, kind: str, text: str, actor: Actor) -> list[Message]:
    """Tell every officer of ``body`` a thing, by the best way this installation has.

    By e-mail or webhook where it is set up and reaches the officer, else as a text to copy.
    """
    people = [officer.recipient for officer in of(body) if officer.state != "closed"]
    return [
        telling.deliver(kind, body, to, telling.with_address(text, to), _way(to), actor)
        for to in people or [Recipient(None, body.name)]
    ]


def _way(to: Recipient) -> Channel:
    sending = [way for way in notify.channels() if way not in telling.BY_HAND]
    reaching = (way for way in sending if telling.reached_by(way, to.mobile, to.email))
    return next(reaching, Channel.COPY)
