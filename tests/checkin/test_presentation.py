"""What pages show: all of a ticket to its holder, a masked one to strangers, a name to the gate."""

import pytest
from flask_babel import force_locale

from checkin import scans
from checkin.admission import Reason, Verdict, Word
from checkin.presentation import OccasionCard, qr_address, ticket_card, verdict_card
from core.clock import now
from tests import factories


@pytest.fixture
def request_context(app):
    with app.test_request_context():
        yield


@pytest.fixture
def person(occasion):
    return factories.registration(occasion)


def test_a_card_of_a_session_says_what_follows_from_its_columns(app, request_context):
    full, free = factories.occasion(capacity=1), factories.occasion(capacity=None)
    factories.registration(full)
    card = OccasionCard(full)
    assert (card.registration_state, card.places_left) == ("full", 0)
    assert OccasionCard(free).places_left is None
    assert card.title == full.title
    assert card.kind_label == "质量大讲堂"
    with force_locale("en"):
        assert OccasionCard(full).kind_label == "Quality lecture"


def test_the_holder_sees_all_but_the_mobile(request_context, person, occasion):
    card = ticket_card(person, None, "/q", factories.holder(person, occasion))
    assert (card.name, card.post, card.state) == (person.name, "检验员", "accepted")
    assert card.mobile_masked == f"{person.mobile[:3]}****{person.mobile[-4:]}"
    assert card.withdraw_url.endswith("/withdraw")
    assert card.checked_in_at is None


def test_a_stranger_sees_neither_name_nor_mobile_nor_a_way_in(request_context, person):
    card = ticket_card(person, None, "/q")
    shown = str(card)
    assert card.name_masked == "张*"
    assert person.name not in shown
    assert person.mobile[-4:] not in shown
    assert (card.image_url, card.calendar_url, card.withdraw_url) == ("", "", "")


def test_the_gate_sees_the_name_and_no_mobile(request_context, person):
    card = ticket_card(person, None, "/q", named=True)
    assert (card.name, card.mobile_masked, card.post) == (person.name, "", "")


def test_a_blocked_ticket_says_so_whatever_its_state(request_context, person):
    person.blocked = True
    assert ticket_card(person, None, "").state == "blocked"


@pytest.mark.parametrize(
    ("word", "undone", "offered"),
    [
        (Word.ADMITTED, False, "scan"),
        (Word.ADMITTED, True, None),
        (Word.ALREADY_IN, False, None),
        (Word.REFUSED, False, None),
    ],
)
def test_only_an_admission_offers_to_be_undone(request_context, word, undone, offered):
    reason = {Word.ADMITTED: Reason.OK, Word.ALREADY_IN: Reason.ALREADY_IN}.get(word, Reason.CLOSED)
    answer = scans.Answer(Verdict(word, reason, now(), "1 号门"), None, 3, 2, "scan")
    card = verdict_card(answer, undone=undone)
    assert card.undo_scan == offered
    assert (card.name, card.unit) == ("", "")
    assert (card.counts.expected, card.counts.present) == (3, 2)
    assert card.sentence == card.zh
    with force_locale("en"):
        assert verdict_card(answer).sentence == card.en


def test_the_picture_of_the_qr_is_at_the_address_of_the_code(request_context, person, occasion):
    assert qr_address(person, occasion) == f"/q/{factories.ticket(person, occasion)}.png"
