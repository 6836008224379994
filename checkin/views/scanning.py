"""The one way a view records a scan, and how it knows the gate."""

import secrets

from flask import request

from checkin import devices, scans
from checkin.devices import Gate
from core.access import Actor
from core.config import settings
from core.db import read_only_done, transaction
from core.errors import N_, Unauthenticated

#: Runs of one act when an identical one wins the race; the second finds the stored answer.
RUNS = 3


def cookie_name() -> str:
    """Return the name of the door's cookie."""
    return "__Host-qm_door" if settings().secure else "qm_door"


def load_door() -> Actor | None:
    """Return the gate whose cookie this browser holds."""
    token = request.cookies.get(cookie_name())
    return _actor(devices.by_cookie(token), "door") if token else None


def load_bearer() -> Actor | None:
    """Return the gate whose bearer secret the request carries."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return _actor(devices.by_bearer(token.strip()), "bearer")


def _actor(gate: Gate | None, kind: str) -> Actor | None:
    read_only_done()
    return Actor(kind, gate.device_id, gate.name, detail=gate) if gate else None


def refuse() -> Exception:
    """Return the refusal for a phone that is not, or no longer, paired."""
    _, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() or request.cookies.get(cookie_name(), "")
    over = bool(token) and devices.is_over(token)
    read_only_done()
    if over:
        return Unauthenticated(
            "session_over",
            N_("This session is over. If people still come, ask the organiser to extend its end."),
        )
    return Unauthenticated(
        "unknown_device",
        N_("This phone is not paired with a gate. Scan the organiser's pairing code first."),
    )


def nonce() -> str:
    """Return a fresh nonce for a form: sending the form twice is one scan."""
    return secrets.token_urlsafe(16)


def record(act: scans.Request, gate: Gate) -> scans.Answer:
    """Record one scan in one transaction; run again when an identical one was a moment faster."""
    for _run in range(RUNS - 1):
        try:
            with transaction():
                return scans.record(act, gate)
        except scans.Twin:
            continue
    with transaction():
        return scans.record(act, gate)
