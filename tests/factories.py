"""Makes what tests stand on, through the services people use, with people who do not exist.

Every function opens its own transaction, or joins the one that is open. What it returns belongs
to the session of the test's application context; after a request of the client it reads afresh.
"""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale

from checkin import devices, occasions, registrations, tickets
from checkin.models import Device, Occasion, Registration
from checkin.models.occasion import Kind, Profile
from checkin.registrations import Person
from core import access, accounts, jobs
from core.access import Actor, Role, Scope
from core.accounts import User
from core.clock import now
from core.db import db, read_only_done, transaction
from core.notify import JOB, Channel, Message, MessageState

#: Whoever acts where the test does not say who.
ACTOR = Actor("system")
PASSWORD = "a short sentence is easy to remember"

_numbers = itertools.count(1)


@contextmanager
def writing() -> Iterator[None]:
    """Open ``transaction()`` after whatever the test has read; inside one, join it."""
    session = db.session()
    if session.in_transaction():
        if session.connection().get_execution_options().get("write"):
            yield
            return
        read_only_done()
    with transaction():
        yield


def mobile() -> str:
    """Return a number nobody has: 130 0000 and a counter."""
    return f"1300{next(_numbers):07d}"


def details(**changes: Any) -> occasions.Details:
    """Return an occasion that runs now: sign-in and registration are open."""
    start = changes.pop("starts_at", now() + timedelta(hours=1))
    values: dict[str, Any] = {
        "kind": Kind.LECTURE,
        "title": f"示例讲座 {next(_numbers)}",
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
        "sign_in_opens_at": start - timedelta(hours=2),
        "sign_in_closes_at": start + timedelta(hours=2),
        "registration_opens_at": start - timedelta(days=14),
        "registration_closes_at": start + timedelta(hours=2),
        "venue": "示例会堂",
        "host": "示例市市场监督管理局",
        "contact_name": "联系示例",
        "contact_phone": "0531-00000000",
    }
    return occasions.Details(**values | changes)


def occasion(**changes: Any) -> Occasion:
    """Return an occasion that runs now, with its checkpoint 签到."""
    with writing():
        return occasions.create(details(**changes), ACTOR)


def person(**changes: Any) -> Person:
    """Return what a form says of somebody who does not exist."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"张示例{_chinese(number)}",
        "employer": "示例水泥有限公司",
        "mobile": mobile(),
        "post": "检验员",
    }
    return Person(**values | changes)


def registration(occasion: Occasion, **changes: Any) -> Registration:
    """Return an accepted registration, made as the public form makes it."""
    with writing():
        made, _new = registrations.register(occasion, person(**changes))
        return made


def ticket(registration: Registration, occasion: Occasion) -> str:
    """Return the 26 characters of a registration's ticket code."""
    return tickets.code_of(registration, occasion)


def holder(registration: Registration, occasion: Occasion) -> str:
    """Return the token of the holder's own page."""
    return tickets.holder_token(registration, occasion)


def device(
    occasion: Occasion, *, name: str = "", profile: Profile = Profile.STAFF, paired: bool = True
) -> Device:
    """Return a gate; ``paired`` means that a phone has typed its PIN."""
    with writing():
        made = devices.add(occasion, name or f"{next(_numbers)} 号门", profile, ACTOR)
        if paired:
            assert devices.try_pin(devices.pair_token(made, occasion), devices.pin(made, occasion))
        db.session.refresh(made)
        return made


def gate(device: Device, occasion: Occasion) -> devices.Gate:
    """Return a paired phone as a request knows it."""
    found = devices.by_cookie(devices.cookie(device, occasion))
    assert found is not None
    return found


def user(
    *roles: Role, occasion: Occasion | None = None, password: str = "", login: str = ""
) -> User:
    """Return an account with ``roles``, for the whole system or for one occasion.

    Without ``password`` it has none: hashing one takes as long as ten tests.
    """
    hashed = accounts.hash_password(password) if password else ""
    scope, number = (Scope.OCCASION, occasion.id) if occasion else (Scope.SYSTEM, 0)
    with writing():
        made = accounts.create(login or f"example-{next(_numbers)}", "王示例")
        for role in roles:
            accounts.grant(made, role, scope, number)
        if hashed:
            accounts.set_password(made.id, hashed)
        return made


def actor(user: User) -> Actor:
    """Return an account as a service receives it."""
    held = frozenset(access.Held(g.role, g.scope, g.scope_id) for g in user.grants)
    return Actor("account", user.id, user.name, held)


def message(state: MessageState, channel: Channel = Channel.EMAIL, **changes: Any) -> Message:
    """Return a message in the outbox, with the job that sends it where it waits."""
    values = {
        "kind": "invitation",
        "subject": "body:unknown",
        "to_name": "张示例",
        "to_address": mobile(),
        "title": "邀请",
        "text": "请尽快报送。",
    }
    if state is MessageState.FAILED:
        values |= {"attempts": 5, "error": "mail_unreachable"}
    with writing():
        made = Message(**values | changes, state=state, channel=channel)
        made.sent_at = now() if state is MessageState.SENT else None
        db.session.add(made)
        db.session.flush()
        if state is MessageState.QUEUED:
            jobs.enqueue(JOB, made.public_id, key=f"message:{made.public_id}")
        return made


def nonce() -> str:
    """Return a nonce as a phone makes one."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True)
class Noise:
    """What else is in the database, by public ids and names."""

    occasion: str = "不相干的场次"
    person: str = "李无关"
    waiting: str = "赵无关"
    gate: str = "无关门"
    login: str = "unrelated"


NOISE = Noise()


def noise(at: datetime | None = None) -> Noise:
    """Add strangers: an occasion that runs now, two people, a paired gate, and its organiser.

    The organiser is signed in and holds an unused link, so that a look-up which forgets its
    token finds somebody.
    """
    start = (at or now()) + timedelta(minutes=30)
    with writing(), force_locale("zh_Hans_CN"):
        other = occasions.create(details(title=NOISE.occasion, starts_at=start, capacity=9), ACTOR)
        for name in (NOISE.person, NOISE.waiting):
            registrations.register(
                other, Person(name=name, employer="无关公司", mobile=mobile(), post="")
            )
        made = devices.add(other, NOISE.gate, Profile.STAFF, ACTOR)
        devices.try_pin(devices.pair_token(made, other), devices.pin(made, other))
        stranger = accounts.create(NOISE.login, "周无关")
        accounts.grant(stranger, Role.ORGANISER, Scope.OCCASION, other.id)
        accounts.open_session(stranger.id)
        accounts.make_link(stranger)
    return NOISE


def _chinese(number: int) -> str:
    """Return a number in Chinese digits, so that generated names differ and stay names."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))
