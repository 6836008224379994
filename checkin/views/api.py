"""The scan API: bearer only, no cookie, no CSRF token; described by OpenAPI 3.1."""

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.exceptions import HTTPException

from checkin import scans
from checkin.admission import Direction, Reason, Word, sentences
from checkin.models.attendance import Source
from checkin.views import scanning
from core import access, refusals, web
from core.errors import N_, InvalidInput
from core.i18n import both, clock
from core.personal import check_name, parse_mobile
from core.text import check_line

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="Scans at the door")
#: Name of the security scheme in the description.
BEARER = "bearer"


def _rule(check: Any) -> Any:
    def validate_(value: str) -> None:
        try:
            check(value)
        except InvalidInput as error:
            raise ValidationError(error.message) from error

    return validate_


def _said(value: str) -> None:
    if not value.strip():
        raise ValidationError("Enter the unit.")


class Line(fields.String):
    """Text of one line without control characters or lone surrogates: it can be stored."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        text = super()._deserialize(value, *args, **more)
        _rule(check_line)(text)
        return text


class ClockSchema(Schema):
    """The device's clock when the code was read."""

    wall = Line(validate=validate.Length(max=40))
    mono = fields.Float()
    sync_mono = fields.Float()
    sync_server = Line(validate=validate.Length(max=40))


class WalkInSchema(Schema):
    """A person who is not on the list."""

    name = Line(required=True, validate=_rule(check_name))
    unit = Line(required=True, validate=[validate.Length(max=100), _said])
    mobile = Line(allow_none=True, validate=_rule(parse_mobile))
    reason = Line(load_default="", validate=validate.Length(max=100))


class ScanSchema(Schema):
    """One scan; checkpoint, nonce and code are enough."""

    checkpoint = Line(required=True, validate=validate.Length(min=1, max=64))
    nonce = Line(required=True, validate=validate.Length(min=8, max=64))
    direction = fields.Enum(Direction, by_value=True, load_default=Direction.IN)
    source = Line(load_default="qr", validate=validate.OneOf(["qr", "typed", "search", "walk_in"]))
    # Any barcode may come before the camera: what is no ticket is answered, never stored.
    code = fields.String(validate=validate.Length(min=1, max=512))
    walk_in = fields.Nested(WalkInSchema)
    online = fields.Boolean(load_default=True)
    clock = fields.Nested(ClockSchema)

    @validates_schema
    def one_subject(self, data: dict[str, Any], **_: Any) -> None:
        """Ask for a code or a walk-in, not both."""
        if ("code" in data) == ("walk_in" in data):
            raise ValidationError("Send either code or walk_in.", "code")


class AttendeeSchema(Schema):
    """What the door may see of a person."""

    name = fields.String()
    unit = fields.String()
    bus = fields.String(allow_none=True)
    group = fields.String(allow_none=True)
    seat = fields.String(allow_none=True)
    helmet = fields.String(allow_none=True)


class MessageSchema(Schema):
    """One sentence in both languages."""

    zh = fields.String()
    en = fields.String()


class CountsSchema(Schema):
    """People expected and present."""

    expected = fields.Integer()
    present = fields.Integer()


class AnswerSchema(Schema):
    """The answer of the door; refusals are answers too."""

    verdict = fields.Enum(Word, by_value=True)
    reason = fields.Enum(Reason, by_value=True)
    message = fields.Nested(MessageSchema)
    attendee = fields.Nested(AttendeeSchema, allow_none=True)
    since = fields.DateTime(allow_none=True)
    gate = fields.String(allow_none=True)
    counts = fields.Nested(CountsSchema)
    scan = fields.String(metadata={"description": "Identifier of the record, for undo"})


class ProblemSchema(Schema):
    """An error as application/problem+json (RFC 9457) with a stable code."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    message = fields.Nested(MessageSchema)
    errors = fields.Dict()


class ProblemApi(Api):
    """flask-smorest with our error documents."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Answer every HTTP error of the API as a problem with both sentences."""
        found = getattr(error, "data", None) or {}
        if error.code == 422:
            return refusals.problem(
                "malformed",
                422,
                both(N_("The request is malformed: correct the fields named in errors.")),
                errors=found.get("messages", {}).get("json", found.get("messages", {})),
            )
        return web.http_error(error)


@blueprint.route("/scans", methods=["POST"])
@access.actor("bearer")
@blueprint.doc(security=[{BEARER: []}])
@blueprint.arguments(ScanSchema)
@blueprint.response(200, AnswerSchema)
@blueprint.alt_response(401, schema=ProblemSchema, content_type="application/problem+json")
@blueprint.alt_response(422, schema=ProblemSchema, content_type="application/problem+json")
def scan(data: dict[str, Any]) -> dict[str, Any]:
    """Decide and record one scan; the same nonce gets the same answer."""
    gate = access.current().detail
    return document(scanning.record(_request(data), gate))


def _request(data: dict[str, Any]) -> scans.Request:
    person = data.get("walk_in")
    walk_in = person and scans.WalkIn(
        name=person["name"],
        unit=person["unit"].strip(),
        mobile=parse_mobile(person["mobile"]) if person.get("mobile") else None,
        reason=person["reason"],
    )
    return scans.Request(
        checkpoint=data["checkpoint"],
        nonce=data["nonce"],
        direction=data["direction"],
        source=Source.WALK_IN if walk_in else Source(data["source"]),
        code=data.get("code"),
        walk_in=walk_in or None,
        online=data["online"],
        # As text: what is stored is sealed, and a seal takes no binary fractions.
        clock={name: str(value) for name, value in data.get("clock", {}).items()},
    )


def document(answer: scans.Answer) -> dict[str, Any]:
    """Return the JSON document of an answer."""
    verdict, person = answer.verdict, answer.attendee
    nothing = dict.fromkeys(("bus", "group", "seat", "helmet"))
    return {
        "verdict": verdict.word,
        "reason": verdict.reason,
        "message": sentences(verdict, clock),
        "attendee": {"name": person.name, "unit": person.unit, **nothing} if person else None,
        "since": verdict.since,
        "gate": verdict.gate,
        "counts": {"expected": answer.expected, "present": answer.present},
        "scan": answer.scan,
    }


def init_app(app: Flask) -> None:
    """Attach the API and its description."""
    app.config.update(
        API_TITLE="Quality Month",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ProblemApi(app)
    api.spec.components.security_scheme(
        BEARER,
        {"type": "http", "scheme": "bearer", "description": "Given to a phone paired with a gate"},
    )
    api.register_blueprint(blueprint)
    web.csrf.exempt(blueprint)
    for endpoint in ("api-docs.openapi_json",):
        access.public(app.view_functions[endpoint])
