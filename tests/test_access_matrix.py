"""Who may call what: every endpoint of the application, executed as everybody."""

import re

import pytest

from tests import factories
from tests.addresses import ROLES, World, routes

#: Endpoint, method, and the answer to each of ROLES in order. ``ok`` is a page or a document,
#: ``to`` a redirect onward, ``in`` one to the sign-in page. Whoever is not the holder guesses
#: the secret in a link.
TABLE = """
#   anonymous nobody stranger organiser office admin lab judge liaison door bearer holder
account.home          GET   in   to   to   to   to   to   to   to   to   in   in   in
account.data          GET   in   ok   ok   ok   ok   ok   ok   ok   ok   in   in   in
account.data_change   POST  401  422  422  422  422  422  422  422  422  401  401  401
account.data_copy     GET   in   ok   ok   ok   ok   ok   ok   ok   ok   in   in   in
account.data_delete   POST  401  422  422  422  422  422  422  422  422  401  401  401
account.language      POST  to   to   to   to   to   to   to   to   to   to   to   to
account.link          GET   404  404  404  404  404  404  404  404  404  404  404  ok
account.link          POST  404  404  404  404  404  404  404  404  404  404  404  to
account.password      GET   in   ok   ok   ok   ok   ok   ok   ok   ok   in   in   in
account.password      POST  401  to   to   to   to   to   to   to   to   401  401  401
account.sign_in       GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
account.sign_in       POST  to   to   to   to   to   to   to   to   to   to   to   to
account.sign_out      POST  to   to   to   to   to   to   to   to   to   to   to   to
api-docs.openapi_json GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api.scan              POST  401  401  401  401  401  401  401  401  401  401  ok   401
attendee.calendar     GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.home         GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
attendee.image        GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.occasion     GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
attendee.own_copy     GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.own_data     GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.own_data     POST  404  404  404  404  404  404  404  404  404  404  404  to
attendee.own_delete   GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.own_delete   POST  404  404  404  404  404  404  404  404  404  404  404  to
attendee.qr           GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.register     GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
attendee.register     POST  to   to   to   to   to   to   to   to   to   to   to   to
attendee.show         GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.ticket       GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.withdraw     GET   404  404  404  404  404  404  404  404  404  404  404  ok
attendee.withdraw     POST  404  404  404  404  404  404  404  404  404  404  404  to
bootstrap.static      GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
door.bearer           POST  401  401  401  401  401  401  401  401  401  ok   401  401
door.check_in         POST  401  401  401  401  401  401  401  401  401  to   401  401
door.leave            POST  401  401  401  401  401  401  401  401  401  to   401  401
door.pair             GET   404  404  404  404  404  404  404  404  404  404  404  ok
door.pair             POST  404  404  404  404  404  404  404  404  404  404  404  to
door.scanner          GET   401  401  401  401  401  401  401  401  401  ok   401  401
door.search           GET   401  401  401  401  401  401  401  401  401  ok   401  401
door.undo             POST  401  401  401  401  401  401  401  401  401  ok   401  401
door.verdict          GET   401  401  401  401  401  401  401  401  401  ok   401  401
door.walk_in          GET   401  401  401  401  401  401  401  401  401  ok   401  401
door.walk_in          POST  401  401  401  401  401  401  401  401  401  to   401  401
judge.code_page       GET   in   403  403  403  403  403  403  ok   403  in   in   in
judge.evaluate        POST  401  403  403  403  403  403  403  to   403  401  401  401
judge.export          POST  401  403  403  403  403  403  403  ok   403  401  401  401
judge.home            GET   in   403  403  403  403  403  403  ok   403  in   in   in
judge.parameter_page  GET   in   403  403  403  403  403  403  ok   403  in   in   in
judge.questions_page  GET   in   403  403  403  403  403  403  ok   403  in   in   in
judge.ranking_page    GET   in   403  403  403  403  403  403  ok   403  in   in   in
judge.round_page      GET   in   403  403  403  403  403  403  ok   403  in   in   in
lab.check             GET   in   403  403  403  403  403  ok   403  403  in   in   in
lab.check             POST  401  403  403  403  403  403  to   403  403  401  401  401
lab.download          GET   in   403  403  403  403  403  ok   403  403  in   in   in
lab.entry             GET   in   403  403  403  403  403  ok   403  403  in   in   in
lab.entry             POST  401  403  403  403  403  403  to   403  403  401  401  401
lab.home              GET   in   403  403  403  403  403  ok   403  403  in   in   in
lab.live              POST  401  403  403  403  403  403  ok   403  403  401  401  401
lab.receipt           GET   in   403  403  403  403  403  ok   403  403  in   in   in
lab.upload_sheet      GET   in   403  403  403  403  403  to   403  403  in   in   in
lab.upload_sheet      POST  401  403  403  403  403  403  422  403  403  401  401  401
body.attach           POST 401  403  403  403  to   to   403  403  to   401  401  401
body.body_zip         GET  in   403  403  403  ok   ok   403  403  ok   in   in   in
body.change_file      POST 401  403  403  403  to   to   403  403  to   401  401  401
body.evidence         GET  in   403  403  403  ok   ok   403  403  ok   in   in   in
body.evidence         POST 401  403  403  403  to   to   403  403  to   401  401  401
body.file             GET  in   403  403  403  ok   ok   403  403  ok   in   in   in
body.thumbnail        GET  in   403  403  403  ok   ok   403  403  ok   in   in   in
month.body_files      GET  in   403  403  403  ok   ok   403  403  403  in   in   in
month.body_zip        GET  in   403  403  403  ok   ok   403  403  403  in   in   in
month.file            GET  in   403  403  403  ok   ok   403  403  403  in   in   in
month.thumbnail       GET  in   403  403  403  ok   ok   403  403  403  in   in   in
body.city             GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.discard          POST  401  403  403  403  ok   ok   403  403  ok   401  401  401
body.home             GET   in   403  403  403  ok   ok   403  403  to   in   in   in
body.overview         GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.plan             GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.plan             POST  401  403  403  403  to   to   403  403  to   401  401  401
body.slip             GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.slip             POST  401  403  403  403  to   to   403  403  to   401  401  401
body.slip_print       GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.summary          GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
body.summary          POST  401  403  403  403  to   to   403  403  to   401  401  401
body.version          GET   in   403  403  403  ok   ok   403  403  ok   in   in   in
month.board           GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.board_export    POST  401  403  403  403  ok   ok   403  403  403  401  401  401
month.body            GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.decide          POST  401  403  403  403  to   to   403  403  403  401  401  401
month.extend          POST  401  403  403  403  to   to   403  403  403  401  401  401
month.figure_rows     GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.figures_export  POST  401  403  403  403  ok   ok   403  403  403  401  401  401
month.filing          GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.figures         GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.home            GET   in   403  403  403  to   to   403  403  403  in   in   in
month.invitations     GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.reminders       GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.bodies_edit     GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.bodies_edit     POST  401  403  403  403  to   to   403  403  403  401  401  401
month.deadlines       GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.deadlines       POST  401  403  403  403  to   to   403  403  403  401  401  401
month.holidays        GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.holidays        POST  401  403  403  403  to   to   403  403  403  401  401  401
month.settings        GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.settings        POST  401  403  403  403  to   to   403  403  403  401  401  401
month.unmask          GET   in   403  403  403  ok   ok   403  403  403  in   in   in
month.unmask          POST  401  403  403  403  ok   ok   403  403  403  401  401  401
month.year_new        POST  401  403  403  403  to   to   403  403  403  401  401  401
month.year_open       POST  401  403  403  403  to   to   403  403  403  401  401  401
month.invite          POST  401  403  403  403  to   to   403  403  403  401  401  401
month.invitations     POST  401  403  403  403  to   to   403  403  403  401  401  401
month.invitations_sheet POST  401  403  403  403  to   to   403  403  403  401  401  401
month.officer_access  POST  401  403  403  403  to   to   403  403  403  401  401  401
month.remind          POST  401  403  403  403  ok   ok   403  403  403  401  401  401
month.reminders_sheet POST  401  403  403  403  ok   ok   403  403  403  401  401  401
office.change_gate    POST  401  403  404  to   to   to   403  403  403  401  401  401
office.change_person  POST  401  403  404  to   to   to   403  403  403  401  401  401
office.edit           GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.edit           POST  401  403  404  to   to   to   403  403  403  401  401  401
office.export_list    POST  401  403  404  ok   ok   ok   403  403  403  401  401  401
office.gate           GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.gate_qr        GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.gates          GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.gates          POST  401  403  404  to   to   to   403  403  403  401  401  401
office.home           GET   in   403  ok   ok   ok   ok   403  403  403  in   in   in
office.new            GET   in   403  ok   ok   ok   ok   403  403  403  in   in   in
office.new            POST  401  403  to   to   to   to   403  403  403  401  401  401
office.occasion       GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.organisers     GET   in   403  403  403  ok   ok   403  403  403  in   in   in
office.organisers     POST  401  403  403  403  ok   ok   403  403  403  401  401  401
office.person         GET   in   403  404  ok   ok   ok   403  403  403  in   in   in
office.remove_organiser POST  401  403  403  403  to   to   403  403  403  401  401  401
office.undo           POST  401  403  404  to   to   to   403  403  403  401  401  401
office.unmask         GET   in   403  403  403  ok   ok   403  403  403  in   in   in
office.unmask         POST  401  403  403  403  ok   ok   403  403  403  401  401  401
outbox.cancel         POST  401  403  403  403  to   to   403  403  403  401  401  401
outbox.home           GET   in   403  403  403  ok   ok   403  403  403  in   in   in
outbox.message        GET   in   403  403  403  ok   ok   403  403  403  in   in   in
outbox.retry          POST  401  403  403  403  to   to   403  403  403  401  401  401
people.change         POST  401  403  403  403  403  to   403  403  403  401  401  401
people.home           GET   in   403  403  403  403  ok   403  403  403  in   in   in
people.home           POST  401  403  403  403  403  ok   403  403  403  401  401  401
people.link           POST  401  403  403  403  403  ok   403  403  403  401  401  401
people.unmask         GET   in   403  403  403  403  ok   403  403  403  in   in   in
people.unmask         POST  401  403  403  403  403  ok   403  403  403  401  401  401
privacy.data_map      GET   in   403  403  403  ok   ok   403  403  403  in   in   in
privacy.data_map_file GET   in   403  403  403  ok   ok   403  403  403  in   in   in
phone.scanned         GET   in   404  404  404  404  404  404  404  404  in   in   in
phone.scanned         POST  401  404  404  404  404  404  404  404  404  401  401  401
phone.show            GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
phone.show            POST  422  422  422  422  422  422  422  422  422  422  422  422
phone.status          GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
site.healthz          GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
site.readyz           GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
site.text_file        GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
site.verify           GET   404  404  404  404  404  404  404  404  404  404  404  ok
static                GET   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
"""
ROWS = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
DECLARED = {
    (endpoint, method): dict(zip(ROLES, answers, strict=True))
    for endpoint, method, *answers in ROWS
}


def answered(response):
    """Return the answer in the table's words."""
    location = response.headers.get("Location", "")
    if response.status_code == 302 and "/sign-in?next=" in location:
        return "in"
    if response.status_code in (302, 303):
        return "to"
    return "ok" if response.status_code == 200 else str(response.status_code)


@pytest.fixture
def world(app):
    return World(app)


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(app):
    assert {(rule.endpoint, method) for rule, method in routes(app)} == set(DECLARED)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_the_declared_answer_everywhere(app, world, role):
    wrong, used, client = [], False, world.browser(role)
    for rule, method in routes(app):
        if used:  # an act may have used up what the next one needs, the sign-in too
            world.fresh()
            client = world.browser(role)
        response = world.ask(client, role, rule, method)
        used = method != "GET" and response.status_code < 400
        declared = DECLARED.get((rule.endpoint, method), {}).get(role, "no row")
        if answered(response) != declared:
            wrong.append(f"{method} {rule} as {role}: {response.status}, declared {declared}")
    assert not wrong, "\n".join(wrong)


def bare(response, *names):
    """Return the body without what differs by nature: request id, CSRF token, the address."""
    text = re.sub(r"[0-9a-f]{16}", "", response.text)
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", text)
    for name in names:
        text = text.replace(name, "")
    return text


def scoped(app):
    return [
        pair
        for pair in routes(app)
        if DECLARED[(pair[0].endpoint, pair[1])]["stranger"] == "404"
        and "occasion_id" in pair[0].arguments
    ]


def test_another_organisers_occasion_looks_like_an_unknown_one(app, world):
    client = world.browser("stranger")
    assert len(scoped(app)) > 9
    for rule, method in scoped(app):
        theirs = world.ask(client, "stranger", rule, method)
        unknown = world.ask(client, "stranger", rule, method, occasion_id="nobodys")
        assert theirs.status_code == unknown.status_code == 404
        assert bare(theirs, world.occasion.public_id) == bare(unknown, "nobodys"), rule


def test_an_organiser_reaches_no_person_gate_or_record_of_another_through_their_own(app, world):
    client, other = world.browser("organiser"), world.elsewhere
    person, gate = factories.registration(other), factories.device(other)
    theirs = {"registration_id": person.public_id, "gate_id": gate.public_id}
    for rule, method in scoped(app):
        for name in theirs.keys() & rule.arguments:
            found = world.ask(client, "organiser", rule, method, **{name: theirs[name]})
            unknown = world.ask(client, "organiser", rule, method, **{name: "nobodys"})
            assert found.status_code == unknown.status_code == 404, f"{method} {rule}"
            assert bare(found, theirs[name]) == bare(unknown, "nobodys")


def test_a_record_of_another_person_is_not_undone_through_this_one(app, world):
    other = factories.registration(world.occasion)
    rule = next(rule for rule, _method in routes(app) if rule.endpoint == "office.undo")
    office = world.browser("office")
    answer = world.ask(office, "office", rule, "POST", registration_id=other.public_id)
    assert answer.status_code == 404


def test_the_api_takes_no_cookie_even_beside_a_wrong_bearer(app, world):
    door = world.browser("door")
    headers = {"Authorization": "Bearer wrong"}
    answer = door.post("/api/v1/scans", headers=headers, **world.body("api.scan"))
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_an_unknown_address_and_a_wrong_method_refuse_everybody_alike(app, world):
    for role in ROLES:
        client = world.browser(role)
        assert client.get("/nowhere").status_code == 404
        assert client.post("/healthz").status_code == 405
        assert client.put("/office/").status_code == 405
