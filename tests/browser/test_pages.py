"""The product in a real browser: no complaint of the console, nothing wider than the phone."""

from playwright.sync_api import expect

from tests import factories


def test_the_list_of_occasions_fits_a_phone(phone, server, occasion):
    phone.goto(server.url)
    expect(phone.get_by_text(occasion.title)).to_be_visible()
    assert phone.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_ticket_shows_its_code(phone, server, occasion):
    registration = factories.registration(occasion)
    phone.goto(f"{server.url}/my/{factories.holder(registration, occasion)}")
    expect(phone.get_by_text(registration.name).first).to_be_visible()
    loaded = "() => [...document.images].every((image) => image.complete && image.naturalWidth)"
    assert phone.evaluate(loaded)


def test_a_refused_sign_in_marks_the_field(desk, server, console):
    console.allow("status of 422")
    factories.user(login="example", password=factories.PASSWORD)
    desk.goto(f"{server.url}/sign-in")
    desk.locator("[name=login]").fill("example")
    desk.locator("[name=password]").fill("wrong, and said so")
    desk.locator("main form [type=submit]").click()
    expect(desk.locator("[name=password]")).to_have_attribute("aria-invalid", "true")
