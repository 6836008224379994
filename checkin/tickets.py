"""Tickets: drawn from the occasion's secret whenever they are shown, never stored."""

import sqlalchemy as sa

from checkin import code, occasions
from checkin.models import Occasion, Registration
from core import accounts, audit
from core.access import Actor
from core.config import settings
from core.db import db
from core.errors import N_, NotFound


def code_of(registration: Registration, occasion: Occasion) -> str:
    """Return the ticket code of the current issue; drawn twice it is the same."""
    return code.derive(occasions.secret(occasion), registration.id, registration.issue_no)


def holder_token(registration: Registration, occasion: Occasion) -> str:
    """Return the secret of the holder's own page, which is never in a QR."""
    return code.token(occasions.secret(occasion), "holder", registration.id, registration.issue_no)


def link_of(registration: Registration, occasion: Occasion) -> str:
    """Return the text of the QR: the ticket's link on ``QM_PUBLIC_URL``."""
    chosen = settings()
    return code.link(
        chosen.public_url, code_of(registration, occasion), lower=chosen.qr_case == "lower"
    )


def draw(registration: Registration, occasion: Occasion) -> None:
    """Store the hashes under which the current issue is found."""
    registration.code_hash = code.digest(code_of(registration, occasion))
    registration.holder_hash = accounts.hashed(holder_token(registration, occasion))
    db.session.flush()


def reissue(registration: Registration, occasion: Occasion, actor: Actor) -> None:
    """Raise the issue number: the old QR and the old link are worth nothing from now on."""
    registration.issue_no += 1
    draw(registration, occasion)
    audit.record(
        "reissue", "registration", registration.public_id, actor=actor, issue=registration.issue_no
    )


def by_code(text: str) -> tuple[Registration, Occasion]:
    """Return the registration of a ticket code, or raise :class:`NotFound`."""
    normal = code.normalise(text)
    found = normal and _first(Registration.code_hash == code.digest(normal))
    if not found:
        raise NotFound(
            "unknown_ticket",
            N_(
                "This ticket code is not valid. Open the ticket again from its own link, or ask "
                "at the information desk."
            ),
        )
    return found


def by_holder(token: str) -> tuple[Registration, Occasion]:
    """Return the registration of a holder's link, or raise :class:`NotFound`."""
    found = _first(Registration.holder_hash == accounts.hashed(token))
    if not found:
        raise NotFound(
            "unknown_holder_link",
            N_("This link is not valid any more. Ask whoever registered you for the new link."),
        )
    return found


def _first(where: sa.ColumnElement[bool]) -> tuple[Registration, Occasion] | None:
    row = db.session.execute(
        sa.select(Registration, Occasion)
        .join(Occasion, Occasion.id == Registration.occasion_id)
        .where(where)
    ).first()
    return (row[0], row[1]) if row else None
