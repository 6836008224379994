"""One scan from request to record: every verdict, said, stored and counted."""

import pytest
import sqlalchemy as sa

from checkin import scans, tickets
from checkin.admission import Direction, Reason, State, Word
from checkin.models import Attendance, Scan
from checkin.models.attendance import Source
from checkin.models.occasion import Profile
from checkin.views import scanning
from core.db import db, read_only_done
from core.errors import InvalidInput, NotFound
from tests import factories
from tests.checkin.controls import count, last, said


def scan(phone, **act):
    """Record an act as every route does, and return its answer."""
    read_only_done()
    nonce = act.pop("nonce", None) or factories.nonce()
    return scanning.record(
        scans.Request(checkpoint=act.pop("checkpoint", phone.checkpoint), nonce=nonce, **act),
        phone.gate,
    )


def test_a_valid_ticket_is_admitted_with_name_unit_and_counts(each_app, gate, ticket):
    answer = gate.scan(code=ticket).json
    assert (answer["verdict"], answer["reason"]) == ("admitted", "ok")
    assert (answer["attendee"]["name"], answer["attendee"]["unit"]) == ("张示例", "示例公司")
    assert answer["counts"] == {"expected": 1, "present": 1}
    assert answer["message"] == {"zh": "签到成功", "en": "Checked in"}


def test_a_second_scan_says_since_when_and_at_which_gate(each_app, gate, occasion, ticket, clock):
    first = gate.scan(code=ticket).json
    clock.forward(minutes=3)
    other = factories.gate(factories.device(occasion, name="后门"), occasion)
    act = scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=ticket)
    read_only_done()
    answer = scanning.record(act, other)
    assert said(answer) == (Word.ALREADY_IN, Reason.ALREADY_IN)
    assert answer.verdict.since.isoformat() == first["since"]
    assert answer.verdict.gate == gate.device.name
    assert (answer.expected, answer.present) == (1, 1)
    assert count(Attendance) == 1


@pytest.mark.parametrize("way", ["link", "small", "spaced", "short", "picked"])
def test_a_person_is_named_by_link_code_short_code_or_pick(app, gate, guest, occasion, ticket, way):
    act = {
        "link": {"code": tickets.link_of(guest, occasion)},
        "small": {"code": ticket.lower()},
        "spaced": {"code": f" {ticket[:13]}-{ticket[13:]} "},
        "short": {"code": guest.short_code.lower(), "source": Source.TYPED},
        "picked": {"registration": guest.public_id, "source": Source.SEARCH},
    }[way]
    assert said(scan(gate, **act)) == (Word.ADMITTED, Reason.OK)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": State.WAITLISTED}, Reason.WAITLISTED),
        ({"state": State.DRAFT}, Reason.WAITLISTED),
        ({"state": State.CANCELLED}, Reason.CANCELLED),
        ({"state": State.REPLACED}, Reason.REPLACED),
        ({"blocked": True}, Reason.BLOCKED),
    ],
)
def test_a_ticket_that_does_not_hold_is_refused_and_kept(app, gate, guest, ticket, change, reason):
    with factories.writing():
        for name, value in change.items():
            setattr(guest, name, value)
    assert said(scan(gate, code=ticket)) == (Word.REFUSED, reason)
    kept = last()
    assert (kept.verdict, kept.reason) == (Word.REFUSED, reason)
    assert kept.registration_id == guest.id
    assert count(Attendance) == 0


@pytest.mark.parametrize(
    ("edge", "seconds", "reason"),
    [
        ("opens", -1, Reason.NOT_OPEN),
        ("opens", 1, Reason.OK),
        ("closes", -5, Reason.OK),
        ("closes", 1, Reason.CLOSED),
    ],
)
def test_the_hours_of_signing_in_are_kept(gate, occasion, ticket, clock, edge, seconds, reason):
    clock.to(getattr(occasion, f"sign_in_{edge}_at"))
    clock.forward(seconds=seconds)
    answer = scan(gate, code=ticket)
    assert answer.verdict.reason is reason
    assert last().reason is reason
    assert answer.verdict.opens == occasion.sign_in_opens_at


def test_a_ticket_of_another_occasion_shows_and_keeps_no_name(each_app, gate):
    elsewhere = factories.occasion()
    stranger = factories.registration(elsewhere, name="李别处")
    response = gate.scan(code=factories.ticket(stranger, elsewhere))
    assert response.json["reason"] == "wrong_occasion"
    assert response.json["attendee"] is None
    assert "李别处" not in response.text
    assert last().registration_id is None
    again = scan(gate, registration=stranger.public_id)
    assert said(again) == (Word.REFUSED, Reason.WRONG_OCCASION)
    assert again.attendee is None


def test_the_short_code_of_another_occasion_is_unknown_here(app, gate):
    elsewhere = factories.occasion()
    stranger = factories.registration(elsewhere)
    assert said(scan(gate, code=stranger.short_code)) == (Word.REFUSED, Reason.UNKNOWN_CODE)


def test_a_phone_works_at_its_own_checkpoint_only(app, gate, ticket):
    elsewhere = factories.occasion()
    there = elsewhere.checkpoints[0]
    answer = scan(gate, checkpoint=there.public_id, code=ticket)
    assert said(answer) == (Word.REFUSED, Reason.WRONG_CHECKPOINT)
    assert (last().reason, last().checkpoint_id) == (Reason.WRONG_CHECKPOINT, there.id)
    assert count(Attendance) == 0


@pytest.mark.parametrize("way", ["code", "short", "picked", "walk_in"])
def test_naming_another_occasions_checkpoint_opens_no_look_at_its_people(app, gate, way):
    elsewhere = factories.occasion()
    stranger = factories.registration(elsewhere, name="李别处", employer="别处公司")
    act = {
        "code": {"code": factories.ticket(stranger, elsewhere)},
        "short": {"code": stranger.short_code},
        "picked": {"registration": stranger.public_id},
        "walk_in": {"walk_in": scans.WalkIn(name="李别处", unit="别处公司")},
    }[way]
    answer = scan(gate, checkpoint=elsewhere.checkpoints[0].public_id, **act)
    assert said(answer) == (Word.REFUSED, Reason.WRONG_CHECKPOINT)
    assert answer.attendee is None
    assert last().registration_id is None


def test_a_checkpoint_that_does_not_exist_is_malformed(app, gate, ticket):
    with pytest.raises(InvalidInput) as refused:
        scan(gate, checkpoint="nowhere", code=ticket)
    assert refused.value.code == "unknown_checkpoint"
    response = gate.scan(checkpoint="nowhere", code=ticket)
    assert (response.status_code, response.json["code"]) == (422, "unknown_checkpoint")


@pytest.mark.parametrize(
    "text", ["", "hello", "0" * 26, "https://example.com/T/", "2" * 8, "x" * 600]
)
def test_what_is_no_ticket_is_refused_and_kept(app, gate, text):
    assert said(scan(gate, code=text)) == (Word.REFUSED, Reason.UNKNOWN_CODE)
    assert (last().reason, last().registration_id) == (Reason.UNKNOWN_CODE, None)


def test_leaving_needs_an_entry_and_is_possible_after_closing(app, gate, occasion, ticket, clock):
    out = {"code": ticket, "direction": Direction.OUT}
    assert said(scan(gate, **out)) == (Word.REFUSED, Reason.NOT_INSIDE)
    scan(gate, code=ticket)
    clock.to(occasion.sign_in_closes_at)
    assert said(scan(gate, **out)) == (Word.LEFT, Reason.OK)
    assert db.session.scalars(sa.select(Attendance)).one().last_out == last().received_at
    assert said(scan(gate, code=ticket)) == (Word.ALREADY_IN, Reason.ALREADY_IN)


def test_a_repeated_nonce_gets_its_answer_and_writes_nothing(each_app, gate, guest, ticket, clock):
    first = gate.scan(code=ticket, nonce="the same nonce")
    clock.forward(minutes=10)
    with factories.writing():
        guest.blocked = True
    again = gate.scan(code=ticket, nonce="the same nonce")
    assert again.json == first.json
    assert gate.scan(code="nonsense", nonce="the same nonce").json == first.json
    assert count(Scan, Scan.nonce == "the same nonce") == 1


def test_a_repeated_nonce_of_a_refusal_stays_a_refusal(app, gate, guest, ticket):
    with factories.writing():
        guest.blocked = True
    first = gate.scan(code=ticket, nonce="was blocked")
    with factories.writing():
        guest.blocked = False
    assert gate.scan(code=ticket, nonce="was blocked").json == first.json
    assert gate.scan(code=ticket).json["verdict"] == "admitted"


def test_nonces_of_two_phones_are_strangers(app, gate, supervisor, ticket):
    assert said(scan(gate, code=ticket, nonce="a nonce both use")) == (Word.ADMITTED, Reason.OK)
    assert scan(supervisor, code=ticket, nonce="a nonce both use").verdict.word is Word.ALREADY_IN


def test_counts_are_registered_and_present(app, gate, occasion, ticket):
    other = factories.registration(occasion)
    before = scan(gate, code="nonsense")
    assert (before.expected, before.present) == (2, 0)
    assert scan(gate, code=ticket).present == 1
    assert scan(gate, code=ticket).present == 1
    answer = scan(gate, walk_in=scans.WalkIn(name="钱补登", unit="示例公司"))
    assert (answer.expected, answer.present) == (2, 2)
    assert scan(gate, code=factories.ticket(other, occasion)).present == 3


def test_an_offline_scan_is_marked_and_keeps_the_devices_clock(app, gate, ticket):
    clock = {"wall": "2024-08-26T08:30:00+08:00", "mono": 1.5}
    gate.scan(code=ticket, online=False, clock=clock)
    kept = last()
    assert (kept.online, kept.uncertain) == (False, True)
    assert kept.clock == {"wall": clock["wall"], "mono": "1.5"}


def test_a_stored_answer_is_found_by_its_own_checkpoint_only(app, gate, ticket):
    answer = scan(gate, code=ticket)
    assert scans.stored(scans.find(answer.scan, gate.gate)) == answer
    elsewhere = factories.occasion()
    stranger = factories.gate(factories.device(elsewhere, profile=Profile.STAFF), elsewhere)
    with pytest.raises(NotFound):
        scans.find(answer.scan, stranger)


def test_a_facts_column_never_holds_a_name(app, gate, ticket):
    scan(gate, code=ticket)
    assert set(last().facts) == {"since", "gate", "expected", "present"}
