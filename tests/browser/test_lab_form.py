"""The form of a laboratory in a browser: what is pasted, what is marked, and a clash."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_contest import sign_in
from tests.scoring import worlds

#: Puts a text where the field has the focus, as the clipboard of a sheet program holds it.
PASTE = """(field, text) => {
  field.focus();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = { clipboardData: data, bubbles: true, cancelable: true };
  return field.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def world(app):
    return worlds.make()


@pytest.fixture
def form(desk, server, world):
    """Return the page of the form, signed in; leaving it with something unsaved is no question."""
    sign_in(desk, server, world.lab.user)
    desk.goto(f"{server.url}/lab/entry/{world.stage.public_id}")
    desk.on("dialog", lambda dialog: dialog.accept())
    return desk


def values(page, prefix, count):
    return [page.locator(f'[name="{prefix}.{idx}"]').input_value() for idx in range(1, count + 1)]


def paste(page, name, text):
    page.locator(f'[name="{name}"]').evaluate(PASTE, text)


def test_a_block_of_a_sheet_lands_line_by_line_with_its_blanks(form):
    form.locator('[name="rc3.1.1.load.2"]').fill("99")
    paste(form, "rc3.1.1.load.1", "42.1\t\t42.3\t42.4\t42.5\t42.6\r\n43.1\t43.2\r\n")
    assert values(form, "rc3.1.1.load", 6) == ["42.1", "", "42.3", "42.4", "42.5", "42.6"]
    assert values(form, "rc3.2.1.load", 6) == ["43.1", "43.2", "", "", "", ""]


def test_from_the_middle_of_a_row_nothing_runs_into_the_other_sample(form):
    paste(form, "rc3.1.1.load.5", "42.5\t42.6\t42.7")
    expect(form.locator(".no-room")).to_contain_text("未粘贴")
    assert values(form, "rc3.1.1.load", 6) == [""] * 6
    assert values(form, "rc3.2.1.load", 6) == [""] * 6
    paste(form, "rc3.1.1.load.5", "42.5\t42.6\t")
    expect(form.locator(".no-room")).to_have_count(0)
    assert values(form, "rc3.1.1.load", 6)[4:] == ["42.5", "42.6"]


def test_a_column_of_readings_stays_in_its_group_and_lines_in_their_parameter(form):
    paste(form, "rf3.1.1.load.1", "2810\n2820\n2830")
    assert values(form, "rf3.1.1.load", 3) == ["2810", "2820", "2830"]
    paste(form, "rf3.2.1.load.1", "2910\t2920\n2930\t2940")
    expect(form.locator('[data-group="rf3.2"] .no-room')).to_be_visible()
    assert values(form, "rf3.2.1.load", 3) == [""] * 3
    assert values(form, "rc3.1.1.load", 6) == [""] * 6


def test_a_single_value_of_the_real_clipboard_is_pasted_by_the_browser(form):
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.evaluate("text => navigator.clipboard.writeText(text)", "42.9\r\n")
    form.locator('[name="rc3.1.1.load.3"]').press("Control+v")
    assert values(form, "rc3.1.1.load", 3) == ["", "", "42.9"]
    form.evaluate("text => navigator.clipboard.writeText(text)", "1\t\t3\r\n")
    form.locator('[name="rc3.2.1.load.1"]').press("Control+v")
    assert values(form, "rc3.2.1.load", 4) == ["1", "", "3", ""]


def test_live_findings_mark_the_cell_and_open_what_is_asked(form, world):
    form.locator('[name="rc3.1.1.load.1"]').fill("x")
    form.get_by_role("button", name="保存草稿").click()
    expect(form.locator("[data-stale]")).to_be_hidden()
    for name, text in worlds.readings(("rc3",)).items():
        form.locator(f'[name="{name}"]').fill(text)
    cell = form.locator('[name="rc3.2.1.load.4"]')
    cell.fill("4o")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[data-stale]")).to_be_visible()
    cell.fill("56.0")
    expect(cell).not_to_have_attribute("aria-invalid", "true")
    expect(form.locator('[name="rc3.2.reason"]')).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_both_texts_of_a_clash_stand_inside_their_card(form, console, world, width):
    console.allow("status of 409")
    form.set_viewport_size({"width": width, "height": 844})
    form.locator('[name="press_no"]').fill("YL-1")
    second = form.context.new_page()
    second.goto(form.url)
    second.locator('[name="press_no"]').fill("YL-2")
    second.get_by_role("button", name="保存草稿").click()
    form.get_by_role("button", name="保存草稿").click()
    card = form.locator(".clash").bounding_box()
    boxes = [radio.bounding_box() for radio in form.locator(".clash .form-check").all()]
    assert len(boxes) == 2
    for box in boxes:
        assert card["x"] < box["x"]
        assert box["x"] + box["width"] < card["x"] + card["width"]
        assert box["width"] > 200
    assert boxes[0]["y"] < boxes[1]["y"]
    form.get_by_label("YL-1").check()
    form.get_by_role("button", name="保存草稿").click()
    expect(form.locator("#clash")).to_have_count(0)
    assert form.locator('[name="press_no"]').input_value() == "YL-1"
