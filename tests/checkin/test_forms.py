"""Forms: cleaned values, sensible defaults, Beijing time, only web addresses."""

from datetime import UTC, datetime

import pytest

from checkin import devices
from checkin.forms import OccasionForm, RegisterForm, WalkInForm
from checkin.models.occasion import Kind
from tests import factories

REQUIRED = {
    "kind": "tour",
    "title": " 观摩 ",
    "starts_at": "2024-09-10T09:00",
    "ends_at": "2024-09-10T12:00",
    "venue": "工地",
    "place": "",
}


@pytest.fixture
def occasion_form(app):
    """Return a maker of checked occasion forms."""

    def make(**changes):
        with app.test_request_context(method="POST", data=REQUIRED | changes):
            form = OccasionForm(meta={"csrf": False})
            form.place.choices = [("", ""), ("1", "")]
            form.validate()
            return form

    return make


def test_what_is_typed_is_beijing_time_and_stripped(occasion_form):
    details = occasion_form().details()
    assert details.starts_at == datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
    assert (details.title, details.kind) == ("观摩", Kind.TOUR)


def test_empty_times_follow_from_start_and_end(occasion_form, clock):
    at = clock.to(datetime(2024, 9, 1, tzinfo=UTC))
    details = occasion_form().details()
    assert details.sign_in_opens_at == datetime(2024, 9, 10, 0, 0, tzinfo=UTC)
    assert details.sign_in_closes_at == details.ends_at
    assert details.registration_closes_at == details.starts_at
    assert (details.registration_opens_at - at).total_seconds() < 5
    assert (details.capacity, details.place_id, details.series) == (None, None, "")


def test_times_that_are_typed_are_kept(occasion_form):
    details = occasion_form(sign_in_opens_at="2024-09-10T08:30", place="1").details()
    assert details.sign_in_opens_at == datetime(2024, 9, 10, 0, 30, tzinfo=UTC)
    assert details.place_id == 1


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://map.example.cn/?q=1", True),
        ("http://map.example.cn", True),
        ("javascript:alert(1)", False),
        ("javascript://map.example.cn/%0aalert(1)", False),
        ("map.example.cn", False),
        ("data:text/html,x", False),
    ],
)
def test_a_map_link_is_a_web_address(occasion_form, url, good):
    form = occasion_form(map_url=url)
    assert ("map_url" not in form.errors) is good


def test_a_problem_of_a_service_stands_beside_its_field(app, occasion_form):
    with app.test_request_context():
        form = occasion_form()
        form.add_problems({"ends_at": "The end must be after the start."})
        assert len(form.ends_at.errors) == 1


def test_an_occasion_is_shown_as_it_would_be_typed(app, occasion_form):
    made = factories.occasion(starts_at=datetime(2024, 9, 10, 1, 0, tzinfo=UTC))
    with app.test_request_context():
        form = OccasionForm(formdata=None, meta={"csrf": False})
        form.show(made)
        assert form.starts_at.data == datetime(2024, 9, 10, 9, 0)
        assert form.place.data == ""


def test_name_and_mobile_are_cleaned(app):
    data = {"name": " 买买提．艾力 ", "employer": " 单位 ", "place": "1",
            "mobile": "+86 130 0000 0001", "acknowledged": "y"}  # fmt: skip
    with app.test_request_context(method="POST", data=data):
        form = RegisterForm(meta={"csrf": False})
        form.place.choices = [("1", "")]
        assert form.validate(), form.errors
        assert (form.name.data, form.mobile.data) == ("买买提·艾力", "13000000001")
        assert form.employer.data == "单位"


def test_a_walk_in_without_mobile_is_fine(app):
    with app.test_request_context(
        method="POST", data={"name": "钱", "unit": "单位", "mobile": " "}
    ):
        form = WalkInForm(meta={"csrf": False})
        assert form.validate(), form.errors


def test_an_id_number_or_gender_is_never_asked():
    names = {name for name in vars(RegisterForm) if not name.startswith("_")}
    assert names >= {"name", "employer", "post", "place", "mobile", "acknowledged"}
    assert not names & {"id_number", "identity", "gender", "sex"}


@pytest.mark.parametrize(
    ("field", "typed"), [("employer", "单\n位"), ("post", "质\x7f检"), ("employer", " \u3000")]
)
def test_a_line_of_text_says_something_and_holds_no_control_character(app, field, typed):
    data = {"name": "张示例", "employer": "单位", "place": "1", "mobile": "13000000001",
            "acknowledged": "y"} | {field: typed}  # fmt: skip
    with app.test_request_context(method="POST", data=data):
        form = RegisterForm(meta={"csrf": False})
        form.place.choices = [("1", "")]
        assert not form.validate()
        assert form.errors.keys() == {field}


def test_a_pin_is_read_as_it_is_shown_with_a_gap_or_in_full_width(client, occasion):
    device = factories.device(occasion, paired=False)
    pin = devices.pin(device, occasion)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in pin)
    path = f"/door/pair/{devices.pair_token(device, occasion)}"
    assert client.submit(path, pin=f" {wide[:3]} {wide[3:]} ").location == "/door/"
