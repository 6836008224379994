"""The ticket as a picture: a scanner reads the very link from it."""

import pytest

from checkin import ticket_image, tickets
from core import documents
from core.config import settings
from tests import factories, pictures


@pytest.fixture
def guest(occasion):
    return factories.registration(occasion, name="张示例", employer="示例公司")


def test_a_scanner_reads_the_tickets_link_from_the_picture(app, occasion, guest, client):
    answer = client.get(f"/my/{factories.holder(guest, occasion)}/ticket.png")
    assert answer.mimetype == "image/png"
    read = pictures.qr(pictures.png(answer.data))
    assert read == tickets.link_of(guest, occasion)
    assert read == f"{settings().public_url.upper()}/T/{factories.ticket(guest, occasion)}"


def test_the_qr_picture_beside_it_carries_the_same_link(app, occasion, guest, client, gate):
    answer = client.get(f"/q/{factories.ticket(guest, occasion)}.png")
    read = pictures.qr(pictures.png(answer.data))
    assert read == tickets.link_of(guest, occasion)
    assert gate.scan(code=read).json["verdict"] == "admitted"


def test_the_picture_shows_what_door_and_holder_need(app, occasion, guest, monkeypatch):
    shown = {}

    def render(template, data, fmt):
        shown.update(data, template=template, fmt=fmt)
        return b""

    monkeypatch.setattr(documents, "render", render)
    ticket_image.picture(guest, occasion)
    assert (shown["template"], shown["fmt"]) == ("ticket", "png")
    assert (shown["name"], shown["unit"]) == ("张示例", "示例公司")
    assert (shown["title"], shown["place"]) == (occasion.title, occasion.venue)
    assert shown["short_code"] == guest.short_code
    assert guest.mobile not in str(shown)
    assert factories.holder(guest, occasion) not in str(shown)
