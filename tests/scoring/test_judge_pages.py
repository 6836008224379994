"""Pages of judges: nothing before the last lock, then everything by code and nothing by name."""

import csv
import io
import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from core import audit
from core.access import Role
from core.accounts import User
from core.db import db
from core.i18n import COOKIE
from scoring import rounds, runs
from scoring.models import Run
from scoring.phase import SETTLING
from tests import databases, factories
from tests.scoring import played as playing
from tests.scoring import worlds

ROUND = f"/judge/{playing.ROUND}"


@pytest.fixture
def database_url(played, tmp_path):
    return databases.copied(played, tmp_path)


@pytest.fixture
def judge(app, browser):
    client = browser(db.session.scalars(sa.select(User).filter_by(login=playing.JUDGE)).one())
    client.set_cookie(COOKIE, "en")
    return client


@pytest.fixture
def output(app):
    return db.session.scalars(sa.select(Run)).one().output


def entered(browser, world):
    """Return the browser of a judge of the small round, signed in now."""
    client = browser(worlds.judge(world.round))
    client.set_cookie(COOKIE, "en")
    return client


def text(response):
    """Return the words of a page, one space between two."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def rows(response):
    """Return the cells of every row of a page, as words."""
    found = re.findall(r"<tr>(.*?)</tr>", response.text, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in found]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


def of_code(response, code):
    return next(row for row in rows(response) if code in row)


def test_the_list_shows_the_rounds_of_this_judge_alone(judge, browser):
    assert "118 of 120 laboratories have submitted so far" in text(judge.get("/judge/"))
    stranger = browser(worlds.judge(worlds.make().round))
    page = stranger.get("/judge/").text
    assert "SN99" in page
    assert playing.ROUND not in page


def test_before_the_last_lock_a_judge_reads_a_count_and_nothing_else(world, browser):
    worlds.submit(world, world.lab)
    client = entered(browser, world)
    page = client.get("/judge/SN99")
    assert "1 of 2 laboratories have submitted so far" in text(page)
    assert "<table" not in page.text
    for path in ("/parameters/rc3", "/ranking", "/codes/SN99-001"):
        assert client.get(f"/judge/SN99{path}").status_code == 404
    assert client.post("/judge/SN99/results.csv").status_code == 404
    assert client.post("/judge/SN99/evaluate").status_code == 409


def test_looking_evaluates_nothing_and_the_button_does(locked, browser):
    client = entered(browser, locked)
    assert "not been evaluated" in text(client.get("/judge/SN99"))
    assert runs.current(rounds.find("SN99")) is None
    assert client.submit("/judge/SN99").location == "/judge/SN99"
    run = runs.current(rounds.find("SN99"))
    assert f"{run.output_seal[:4]} {run.output_seal[4:8]}" in client.get("/judge/SN99").text
    assert client.post("/judge/SN99/evaluate").status_code == 302
    assert runs.current(rounds.find("SN99")).no == run.no


def test_two_results_are_listed_and_the_page_says_why(locked, browser):
    client = entered(browser, locked)
    client.post("/judge/SN99/evaluate")
    page = client.get("/judge/SN99/parameters/rc3")
    assert page.text.count("Only 2 valid results (minimum 12)") == 2
    assert text(page).count("Listed only") == 6  # both items above, and both of each laboratory
    assert "<svg xmlns" not in page.text
    assert "Stage not reported" in text(client.get("/judge/SN99/parameters/rc28"))


def test_the_overview_has_a_row_for_every_parameter_and_item(judge, output):
    page = judge.get(ROUND)
    assert "evaluation 1 (check code " in text(page)
    assert [row for row in rows(page) if "rf28" in row] == []
    lines = [row for row in rows(page) if {"A", "B"} & set(row[:2])]
    assert len(lines) == len(output["parameters"]) == 36
    water = lines[0]
    assert water[1:6] == ["A", "117", "27.206", "27.10", "0.371"]
    assert water[-4:] == ["116", "2", "0", "–"]
    assert "Pass 117 · Fail 1" in text(page)
    assert page.text.count("G8 Coarse results") == len(output["guards"]) + 1
    (said,) = re.findall(r"<li>(.*?)</li>", page.text[page.text.index('id="guards"') :], re.DOTALL)
    assert "it is below three rounding steps" in said
    assert said.count(" A") + said.count("/B") == len(output["guards"])


def test_a_parameter_is_sorted_by_a_number_with_those_without_one_last(judge, output):
    page = judge.get(f"{ROUND}/parameters/rc28?sort=z_a&dir=desc")
    shown = [row for row in rows(page) if row and row[0].startswith("SN24-")]
    assert len(shown) == 120
    known = {
        row["code"]: Decimal(row["z"])
        for row in output["results"]
        if (row["parameter"], row["item"]) == ("rc28", "A") and row["z"]
    }
    codes = [row[0] for row in shown]
    assert codes[: len(known)] == sorted(known, key=lambda c: (known[c], c), reverse=True)
    assert codes[len(known) :] == sorted(set(codes) - set(known))
    assert page.text.count("<svg xmlns") == 6  # both items and the pair, for desk and phone


def test_every_state_of_a_result_has_its_own_words(judge):
    page = judge.get(f"{ROUND}/parameters/rc28")
    assert of_code(page, "SN24-064")[6] == "Void"
    assert of_code(page, "SN24-019")[3] == "Not reported"
    assert of_code(page, "SN24-031")[3] == "Stage not reported"
    impossible = of_code(page, "SN24-018")
    assert impossible[1:4] == ["48406.2 *", "28253.05", "Unsatisfactory Reporting error"]
    early = judge.get(f"{ROUND}/parameters/rf3")
    assert "Late, accepted" in of_code(early, "SN24-047")[3]
    assert of_code(early, "SN24-044")[6] == "Void, to be decided by the judges"


def test_soundness_is_passed_or_failed_and_never_scored(judge, output):
    page = judge.get(f"{ROUND}/parameters/sound")
    assert "<svg xmlns" not in page.text
    assert "Majority: Pass" in text(page)
    failed = next(r for r in output["results"] if r["verdict"] == "FAIL")
    assert "Fail Differs from the majority" in " ".join(of_code(page, failed["code"]))


def test_the_ranking_shows_places_awards_and_why_there_is_none(judge, output):
    page = judge.get(f"{ROUND}/ranking")
    first, fifth = of_code(page, "SN24-100"), of_code(page, "SN24-073")
    assert first == ["1", "SN24-100", "86.4", "0.4077", "0", "0.85", "First prize", "–", "Show"]
    assert fifth[6:8] == ["–", "Verdict differs from the majority"]
    assert of_code(page, "SN24-019") == ["SN24-019", "Not reported"]
    assert len([row for row in rows(page) if len(row) == 9]) == len(output["ranking"]) + 1


@pytest.mark.parametrize("code", ["SN24-100", "SN24-031", "SN24-082"])
def test_the_arithmetic_of_a_place_adds_up_to_its_points(judge, output, code):
    page = judge.get(f"{ROUND}/codes/{code}")
    place = next(row for row in output["ranking"] if row["code"] == code)
    sums = re.search(r"= ([\d.]+) / ([\d.]+) = ([\d.]+)", text(page))
    products, weights, c = map(Decimal, sums.groups())
    assert abs(products / weights - c) <= Decimal("0.0001")
    assert c == Decimal(place["c"])
    parts = [row for row in rows(page) if len(row) == 6 and row[4].startswith("0.1")]
    assert abs(sum(Decimal(row[5]) for row in parts) - products) < Decimal("0.0001")
    points = re.search(r"\(1 − [\d.]+/3\) = ([\d.]+)", text(page))[1]
    assert Decimal(points) == Decimal(place["score"])
    assert abs(100 * (1 - c / 3) - Decimal(points)) <= Decimal("0.06")


def test_a_code_shows_its_readings_as_typed_and_what_was_dropped(judge):
    page = judge.get(f"{ROUND}/codes/SN24-082")
    void = next(row for row in rows(page) if "Void" in row)
    assert void[0] == "B"
    assert "<s" in page.text
    assert "34.5 21.6 beyond 30.3 18.9 dropped" in void[1]
    assert "void: after dropping one, another is beyond ±10 %" in void[2]
    assert void[3:5] == ["–", "Void"]
    assert "E09 void after dropping one" in void[6]


def test_a_repeat_stands_beside_the_first_test_and_decides(judge):
    shown = rows(judge.get(f"{ROUND}/codes/SN24-054"))
    twice = next(row for row in shown if "Mean of the repeat" in " ".join(row))
    assert "Repeated: Distance A before boiling" in " ".join(twice)
    assert "the repeat decides" in " ".join(twice)


def test_a_code_without_a_submission_says_so(judge):
    page = text(judge.get(f"{ROUND}/codes/SN24-019"))
    assert page.count("Not reported") == 3  # the ranking and both stages
    assert "Readings" not in page


@pytest.mark.parametrize("path", ["/codes/SN24-999", "/parameters/rc7", "/parameters/nothing"])
def test_what_the_round_does_not_have_is_not_found_and_leads_back_to_it(judge, path):
    page = judge.get(ROUND + path)
    assert page.status_code == 404
    assert f'btn-big" href="{ROUND}">' in page.text
    assert "Back to the round" in page.text


def test_a_page_before_the_evaluation_leads_back_to_the_round(locked, browser):
    page = entered(browser, locked).get("/judge/SN99/ranking")
    assert (page.status_code, 'btn-big" href="/judge/SN99">' in page.text) == (404, True)


def test_a_round_in_which_nothing_was_scored_says_so_and_lists_everybody(world, browser, clock):
    worlds.submit(world, world.lab)
    clock.to(world.later.closes_at + SETTLING)
    client = entered(browser, world)
    client.post("/judge/SN99/evaluate")
    page = client.get("/judge/SN99/ranking")
    assert "No parameter of this round could be scored" in text(page)
    why = {row[0]: row[1] for row in rows(page) if row and row[0].startswith("SN99-")}
    assert sorted(why.values()) == ["Not reported", "Stage not reported, Listed only"]
    silent = next(code for code, said in why.items() if said == "Not reported")
    assert "Not ranked Not reported" in text(client.get(f"/judge/SN99/codes/{silent}"))


def test_the_export_holds_every_result_by_code_and_is_logged(judge, output):
    answer = judge.post(f"{ROUND}/results.csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(lines) == 1 + len(output["results"])
    assert len({len(line) for line in lines}) == 1
    first = next(line for line in lines if line[0] == "SN24-100")
    assert first[1:4] == ["Water for standard consistency", "A", "%"]
    assert first[4:9] == ["27.2", "27.2", "-0.011919785", "z", "Satisfactory"]
    seal = db.session.scalars(sa.select(Run)).one().output_seal[:8]
    assert f"results-SN24-1-{seal}.csv" in answer.headers["Content-Disposition"]
    entry = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="export")).one()
    assert entry.details == {"format": "csv", "run": 1}


def test_the_workbook_is_one_and_only_a_known_kind_is_made(judge):
    answer = judge.post(f"{ROUND}/results.xlsx")
    assert answer.data[:4] == b"PK\x03\x04"
    assert judge.post(f"{ROUND}/results.pdf").status_code in (404, 405)
    assert judge.get(f"{ROUND}/results.csv").status_code == 405


def test_another_judges_round_is_answered_like_an_unknown_one(judge):
    worlds.make()
    for path in ("", "/ranking", "/parameters/rc3", "/codes/SN99-001"):
        theirs, unknown = (judge.get(f"/judge/{code}{path}") for code in ("SN99", "NOPE"))
        assert theirs.status_code == unknown.status_code == 404
        assert text(theirs)[:200] == text(unknown)[:200]
    assert judge.post("/judge/SN99/evaluate").status_code == 404


def test_a_judge_is_led_to_rounds_and_the_office_to_sessions(judge, office, browser):
    links = judge.get("/judge/").text
    assert 'href="/judge/"' in links
    assert 'href="/office/"' not in links
    office.set_cookie(COOKIE, "en")
    assert 'href="/judge/"' not in office.get("/office/").text
    assert office.get("/judge/").status_code == 403
    assert browser(factories.user(Role.ADMIN)).get(ROUND).status_code == 403


def test_the_screens_ask_about_the_copied_pairs_and_name_nobody(judge):
    page = judge.get(f"{ROUND}/questions")
    for first, second in (("SN24-017", "SN24-030"), ("SN24-053", "SN24-059")):
        assert re.search(rf"{first}</a>\s*·\s*<a[^>]*>{second}", page.text)
    assert "Two sets of six values are exactly equal. Were data shared?" in page.text
    assert "compared by the label of the pack" in page.text
    own = judge.get(f"{ROUND}/codes/SN24-069").text
    assert "The six values agree too well." in own
    assert "Questions of the integrity" not in judge.get(f"{ROUND}/codes/SN24-001").text
