"""Phones at the gates: made by the organiser, paired by QR and PIN, known by cookie or bearer."""

import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa

from checkin import code, occasions
from checkin.models import Checkpoint, Device, Occasion
from checkin.models.occasion import Profile
from core import accounts, audit
from core.access import Actor
from core.clock import now
from core.db import db, public_id
from core.errors import N_, Conflict, Forbidden, NotFound, TooMany

#: Wrong PINs after which the pairing code is dead and the organiser makes a new one.
PIN_TRIES = 5


@dataclass(frozen=True)
class Gate:
    """A paired phone as a request knows it."""

    device_id: int
    public_id: str
    occasion_id: int
    occasion_title: str
    checkpoint_id: int
    checkpoint: str
    name: str
    profile: Profile


def add(occasion: Occasion, name: str, profile: Profile, actor: Actor) -> Device:
    """Add a gate; its pairing code can be shown until a phone has taken it."""
    name = name.strip()
    if db.session.scalar(sa.select(Device.id).filter_by(occasion_id=occasion.id, name=name)):
        raise Conflict("gate_exists", N_("A gate of this name exists. Choose another name."))
    device = Device(
        occasion_id=occasion.id,
        checkpoint_id=occasion.checkpoints[0].id,
        name=name,
        profile=profile,
        pair_no=1,
        pin_tries=0,
        # The secrets depend on the row's number: these stand in until it is known.
        **dict.fromkeys(("pair_hash", "cookie_hash", "secret_hash"), public_id()),
    )
    db.session.add(device)
    db.session.flush()
    _draw(device, occasion)
    audit.record("add_gate", "device", device.public_id, actor=actor)
    return device


def renew(device: Device, occasion: Occasion, actor: Actor) -> None:
    """Make a new pairing code; the phone paired before is strange from now on."""
    device.pair_no += 1
    device.pin_tries, device.paired_at, device.revoked_at = 0, None, None
    _draw(device, occasion)
    audit.record("renew_gate", "device", device.public_id, actor=actor)


def revoke(device: Device, actor: Actor) -> None:
    """Take a phone's right away at once."""
    device.revoked_at = now()
    audit.record("revoke_gate", "device", device.public_id, actor=actor)


def _secret(device: Device, occasion: Occasion, purpose: str) -> str:
    return code.token(occasions.secret(occasion), purpose, device.id, device.pair_no)


def pair_token(device: Device, occasion: Occasion) -> str:
    """Return the secret of the pairing link."""
    return _secret(device, occasion, "pair")


def pin(device: Device, occasion: Occasion) -> str:
    """Return the six digits that are said aloud beside the QR."""
    return code.pin(occasions.secret(occasion), device.id, device.pair_no)


def _draw(device: Device, occasion: Occasion) -> None:
    device.pair_hash = accounts.hashed(pair_token(device, occasion))
    device.cookie_hash = accounts.hashed(_secret(device, occasion, "cookie"))
    device.secret_hash = accounts.hashed(_secret(device, occasion, "bearer"))
    db.session.flush()


def by_pair_token(token: str) -> tuple[Device, Occasion]:
    """Return the gate of a pairing link, or raise :class:`NotFound`."""
    row = db.session.execute(
        sa.select(Device, Occasion)
        .join(Occasion, Occasion.id == Device.occasion_id)
        .where(
            Device.pair_hash == accounts.hashed(token),
            Device.revoked_at.is_(None),
            Occasion.ends_at > now(),
        )
    ).first()
    if row is None:
        raise NotFound(
            "dead_pairing",
            N_("This pairing code is not valid any more. Ask the organiser for a new one."),
        )
    return row[0], row[1]


def try_pin(token: str, typed: str) -> bool:
    """Count one try and say whether the PIN is right; five wrong ones kill the code.

    The count moves in one UPDATE, so that parallel guesses are all counted.
    """
    device, occasion = by_pair_token(token)
    counted = db.session.scalar(
        sa.update(Device)
        .where(
            Device.pair_hash == accounts.hashed(token),
            Device.pin_tries < PIN_TRIES,
            Device.paired_at.is_(None),
        )
        .values(pin_tries=Device.pin_tries + 1)
        .returning(Device.pin_tries)
    )
    if counted is None:
        raise _not_pairable(device)
    if _digits(typed) != pin(device, occasion):
        return False
    db.session.execute(
        sa.update(Device)
        .where(Device.pair_hash == accounts.hashed(token))
        .values(paired_at=now(), pin_tries=0)
    )
    audit.record("pair", "device", device.public_id, actor=Actor("door", device.id))
    return True


def _digits(typed: str) -> str:
    """Return the digits of what was typed, full-width ones and spaces between them included."""
    return "".join(char for char in unicodedata.normalize("NFKC", typed) if char.isdigit())


def _not_pairable(device: Device) -> Exception:
    db.session.refresh(device)  # another try may have paired it while this one waited
    if device.paired_at is not None:
        return Conflict(
            "already_paired",
            N_("This code has paired a phone already. Ask the organiser for a new code."),
        )
    return TooMany(
        "pin_locked",
        N_("The PIN was wrong too often. Ask the organiser for a new pairing code."),
        retry_after=3600,
    )


def cookie(device: Device, occasion: Occasion) -> str:
    """Return what the paired browser keeps as its cookie."""
    return _secret(device, occasion, "cookie")


def bearer(gate: Gate) -> str:
    """Return the secret with which the page of this gate calls the API."""
    occasion = db.session.get(Occasion, gate.occasion_id)
    device = db.session.get(Device, gate.device_id)
    if occasion is None or device is None:
        raise Forbidden("unknown_device", N_("This phone is not paired. Ask for a pairing code."))
    return _secret(device, occasion, "bearer")


def by_cookie(token: str) -> Gate | None:
    """Return the gate behind a door cookie."""
    return _gate(Device.cookie_hash == accounts.hashed(token))


def by_bearer(token: str) -> Gate | None:
    """Return the gate behind an API bearer."""
    return _gate(Device.secret_hash == accounts.hashed(token))


def _gate(where: sa.ColumnElement[bool]) -> Gate | None:
    row = db.session.execute(
        sa.select(
            Device.id,
            Device.public_id,
            Device.occasion_id,
            Occasion.title,
            Device.checkpoint_id,
            Checkpoint.public_id,
            Device.name,
            Device.profile,
        )
        .join(Occasion, Occasion.id == Device.occasion_id)
        .join(Checkpoint, Checkpoint.id == Device.checkpoint_id)
        .where(
            where,
            Device.paired_at.is_not(None),
            Device.revoked_at.is_(None),
            Occasion.ends_at > now(),
        )
    ).first()
    return Gate(*row) if row else None


def is_over(token: str) -> bool:
    """Say whether a cookie or bearer was good for an occasion that has ended."""
    hashed = accounts.hashed(token)
    return (
        db.session.scalar(
            sa.select(Device.id)
            .join(Occasion, Occasion.id == Device.occasion_id)
            .where(
                sa.or_(Device.cookie_hash == hashed, Device.secret_hash == hashed),
                Device.paired_at.is_not(None),
                Device.revoked_at.is_(None),
                Occasion.ends_at <= now(),
            )
        )
        is not None
    )


def find(occasion: Occasion, public_id: str) -> Device:
    """Return a gate of the occasion, or raise :class:`NotFound`."""
    device = db.session.scalar(
        sa.select(Device).filter_by(occasion_id=occasion.id, public_id=public_id)
    )
    if device is None:
        raise NotFound("unknown_gate", N_("There is no such gate. Go back to the list of gates."))
    return device


def leave(gate: Gate) -> None:
    """Unpair the phone by its own wish; the organiser can make a new code."""
    db.session.execute(
        sa.update(Device).where(Device.id == gate.device_id).values(revoked_at=now())
    )
    audit.record("leave_gate", "device", gate.public_id, actor=Actor("door", gate.device_id))
