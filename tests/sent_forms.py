"""What the forms of all pages send, with real values in them."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from checkin import devices
from core.clock import local, now
from tests import factories
from tests.campaign import attached, set_up
from tests.factories import PASSWORD
from tests.scoring import worlds

if TYPE_CHECKING:
    from tests.addresses import World


def body(world: "World", endpoint: str) -> dict[str, Any]:
    """Return what a form or client would send there."""
    if endpoint == "api.scan":
        checkpoint = world.occasion.checkpoints[0].public_id
        return {
            "json": {
                "checkpoint": checkpoint,
                "nonce": factories.nonce(),
                "code": world.code,
            }
        }
    if endpoint in ("lab.entry", "lab.live"):
        return {"data": worlds.typed(world.contest) | {"act": "save"}}
    if endpoint == "lab.check":
        return {"data": {"rev": str(worlds.revision(world.contest))}}
    # Soon: the door stays open for the requests after this one.
    start = local(now() + timedelta(minutes=45)).replace(tzinfo=None)
    forms: dict[str, dict[str, Any]] = (
        {
            "account.language": {"to": "en", "next": "/"},
            "account.password": {"password": PASSWORD + "!", "again": PASSWORD + "!"},
            "account.sign_in": {"login": world.user.login, "password": PASSWORD},
            "office.edit": occasion(start),
            "office.new": occasion(start),
            "office.export_list": {"format": "csv"},
            "office.gates": {"name": f"门 {secrets.token_hex(4)}", "profile": "staff"},
            "office.organisers": {"login": secrets.token_hex(6), "name": "王示例"},
            "people.home": {"login": secrets.token_hex(6), "name": "王示例", "role": "office"},
        }
        | _at_the_door(world)
        | _of_the_month(world)
    )
    if endpoint.startswith("month.") and endpoint in (year := set_up.forms()):
        return {"data": year[endpoint]}
    return {"data": forms.get(endpoint, {})}


def _at_the_door(world: "World") -> dict[str, dict[str, Any]]:
    person = factories.person()
    return {
        "attendee.own_data": {"employer": person.employer},
        "attendee.register": {
            "name": person.name,
            "employer": person.employer,
            "mobile": person.mobile,
            "place": "1",
            "acknowledged": "y",
        },
        "door.check_in": {"code": world.code, "nonce": factories.nonce(), "source": "qr"},
        "door.pair": {"pin": devices.pin(world.free, world.occasion)},
        "door.undo": {"scan": world.scan},
        "door.walk_in": {"name": person.name, "unit": person.employer},
    }


def _of_the_month(world: "World") -> dict[str, dict[str, Any]]:
    return {
        "body.attach": attached.form(),
        "month.decide": {"seen": str(world.decided.seq), "reason": "缺少公章"},
        "month.extend": {"item": "slip", "day": f"{now():%Y}-12-31", "reason": "台风影响"},
        "month.invitations": {"text": "{link}"},
        "month.remind": {"text": "{link}", "body": world.month.body.public_id},
        "month.unmask": {"reason": "call"},
        "office.unmask": {"reason": "call"},
        "people.unmask": {"reason": "call"},
    }


def occasion(start: Any) -> dict[str, str]:
    """Return the required fields of an occasion alone."""
    return {
        "kind": "lecture",
        "title": "示例讲座",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "venue": "示例会堂",
        "place": "",
    }
