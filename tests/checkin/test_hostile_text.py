"""Hostile text: whatever people type is shown as they typed it, on every page that shows it."""

from urllib.parse import quote

import pytest

from checkin import devices
from tests import factories

CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "${7*7}<b>&amp;",
    "</title></textarea><svg onload=alert(1)>",
]


@pytest.mark.parametrize("text", CORPUS)
def test_what_people_type_is_shown_as_they_typed_it(client, gate, office, occasion, text):
    made = factories.registration(
        occasion, name=text[:50], employer=text, post=text[:50], mobile=factories.mobile()
    )
    code = factories.ticket(made, occasion)
    token = factories.holder(made, occasion)
    gate.scan(code=code)
    base = f"/office/occasions/{occasion.public_id}"
    for browser, path in [
        (client, f"/T/{code}"), (client, f"/my/{token}"), (client, f"/my/{token}/withdraw"),
        (gate.client, f"/T/{code}"), (gate.client, f"/door/search?q={quote(text[:12])}"),
        (office, base), (office, f"{base}?q={quote(text)}"),
        (office, f"{base}/people/{made.public_id}"),
    ]:  # fmt: skip
        page = browser.get(path)  # the client refuses inline code and unescaped markup
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<svg onload" not in page.text
    assert client.get(f"/my/{token}/ticket.png").status_code == 200


@pytest.mark.parametrize("text", CORPUS)
def test_what_organisers_type_is_shown_as_they_typed_it(client, browser, office, text):
    occasion = factories.occasion(
        **dict.fromkeys(
            ("title", "series", "host", "contact_name", "contact_phone", "venue", "address",
             "wear", "safety", "traffic"), text)
    )  # fmt: skip
    device = factories.device(occasion, name=text[:30], paired=False)
    made = factories.registration(occasion)
    base, public = f"/office/occasions/{occasion.public_id}", f"/o/{occasion.public_id}"
    paths = ["/office/", base, f"{base}/edit", f"{base}/gates", f"{base}/organisers",
             f"{base}/gates/{device.public_id}", f"{base}/people/{made.public_id}"]  # fmt: skip
    public_paths = ["/", public, f"{public}/register", f"/my/{factories.holder(made, occasion)}",
                    f"/T/{factories.ticket(made, occasion)}"]  # fmt: skip
    public_paths.append(f"/door/pair/{devices.pair_token(device, occasion)}")
    for page in [office.get(p) for p in paths] + [client.get(p) for p in public_paths]:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<svg onload" not in page.text


def test_what_is_typed_wrongly_is_shown_back_as_typed(client, occasion):
    path = f"/o/{occasion.public_id}/register"
    typed = {"name": CORPUS[1], "employer": CORPUS[0], "mobile": CORPUS[4]}
    answer = client.submit(path, **typed)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/o/%00", "/my/%00", "/sign-in/%00", "/v/%00", "/T/%00"])
def test_a_zero_byte_in_an_address_is_an_unknown_address(each_app, client, path):
    assert client.get(path).status_code == 404


def test_a_zero_byte_in_a_form_is_a_mistake_of_the_form(each_app, client):
    occasion = factories.occasion()
    sent = {"name": "张示例", "employer": "a\0b", "mobile": "13000000001", "place": "1",
            "acknowledged": "y"}  # fmt: skip
    answer = client.post(f"/o/{occasion.public_id}/register", data=sent)
    assert answer.status_code == 422
