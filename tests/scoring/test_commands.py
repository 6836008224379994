"""``flask scoring``: import, evaluate, verify, invite, judge."""

import csv
import json
from decimal import Decimal

import pytest
import sqlalchemy as sa

from campaign.models import Organisation
from core.access import Role, Scope
from core.accounts import Grant, User
from core.db import db, read_only_done
from scoring.demo import FOLDER
from scoring.models import Participation, Run
from tests import databases


@pytest.fixture
def run(app):
    """Return a runner of ``flask scoring …``."""

    def invoke(*arguments):
        read_only_done()
        return app.test_cli_runner().invoke(args=["scoring", *arguments])

    return invoke


@pytest.fixture
def database_url(imported_round, tmp_path):
    """Return the address of a database into which a person imported the synthetic round."""
    path, _said = imported_round
    return databases.copied(path, tmp_path)


@pytest.fixture
def imported(imported_round):
    """Return what the import said."""
    return imported_round[1]


def evaluated(run):
    result = run("evaluate", "SN24", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_import_says_what_it_read(imported):
    assert "120 laboratories, 118 with at least one submission" in imported
    assert "235 stage submissions, 3 late, 2 without seal" in imported
    assert "flask scoring evaluate SN24" in imported


def test_the_evaluation_gives_the_self_check_of_the_round(run, imported):
    found = evaluated(run)
    lines = {(row["parameter"], row["item"]): row for row in found["parameters"]}
    assert found["round"] == "SN24"
    for place, n, median, niqr in (
        (("rc28", "A"), "113", "47.9", "1.70499"),
        (("rc28", "B"), "113", "46.6", "1.77912"),
        (("blaine", "A"), "116", "355.5", "5.9304"),
    ):
        row = lines[place]
        assert (row["n"], row["median"], row["niqr"]) == (n, median, niqr)
    assert set(lines["rc28", "A"]) == {
        *("parameter", "item", "n", "median", "niqr", "algorithm_a", "x_pt", "sigma_pt", "u"),
        "score",
    }
    void = {
        (r["code"], r["parameter"], r["item"]) for r in found["results"] if r["status"] == "void"
    }
    assert void == {
        ("SN24-044", "rf3", "B"),
        ("SN24-064", "rc28", "B"),
        ("SN24-102", "rc28", "A"),
        ("SN24-082", "rc3", "B"),
    }


def test_numbers_are_printed_as_text_with_the_decimals_of_their_step(run, imported):
    found = evaluated(run)
    with (FOLDER / "reported.csv").open(encoding="utf-8", newline="") as file:
        reported = [row for row in csv.DictReader(file) if row["lab_code"] == "SN24-001"]
    mine = {
        (row["parameter"], row["value"]) for row in found["results"] if row["code"] == "SN24-001"
    }
    assert {(row["parameter"], row["value"]) for row in reported} == mine
    numbers = [row[name] for row in found["ranking"] for name in ("c", "score", "rank")]
    assert all(isinstance(number, str) and Decimal(number).is_finite() for number in numbers)


def test_the_ranking_names_codes_alone_and_shares_places(run, imported):
    ranking = evaluated(run)["ranking"]
    assert {row["code"][:5] for row in ranking} == {"SN24-"}
    assert len(ranking) == 118
    ranks = [int(row["rank"]) for row in ranking]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
    assert {row["award"] for row in ranking} == {"first", "second", "third", None}


def test_equal_inputs_give_one_run(run, imported):
    assert evaluated(run) == evaluated(run)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Run)) == 1


def test_every_seal_of_an_untouched_round_holds(run, imported):
    evaluated(run)
    result = run("verify", "SN24")
    assert (result.exit_code, result.output.strip()) == (0, "every seal holds")


def test_an_open_round_is_not_evaluated(run, imported, clock):
    clock.forward(days=-1000)
    result = run("evaluate", "SN24")
    assert result.exit_code == 1
    assert "after its last stage is locked" in result.output


@pytest.mark.parametrize("command", ["evaluate", "verify", "invite"])
def test_an_unknown_round_is_said_to_be_unknown(run, command):
    result = run(command, "NONE")
    assert result.exit_code == 1
    assert "There is no such round" in result.output


def test_a_known_code_and_a_wrong_folder_are_refused_in_words(run, imported, tmp_path):
    again = run("import-round", str(FOLDER), "--code", "SN24")
    assert again.exit_code == 1
    assert "There is a round SN24 already" in again.output
    wrong = run("import-round", str(tmp_path), "--code", "X")
    assert wrong.exit_code == 1
    assert "stages.csv" in wrong.output


def test_laboratories_are_invited_by_name_with_a_link_that_opens_their_tasks(
    run, imported, browser
):
    lines = run("invite", "SN24", "--lab", "东莞第04").output.strip().splitlines()
    assert len(lines) == 1
    name, login, link = lines[0].split("\t")
    assert name == "【示例】东莞第04检测机构（虚构）"
    client = browser()
    path = link[link.index("/sign-in/") :]
    assert client.post(path).status_code == 302
    assert client.get("/home").location == "/lab/"
    assert client.get("/lab/").status_code == 200
    assert login in client.get("/account/password").text


def test_inviting_twice_makes_one_account(run, imported):
    for _turn in range(2):
        run("invite", "SN24", "--lab", "东莞第04")
    held = db.session.scalars(sa.select(Grant).filter_by(role=Role.LAB)).all()
    assert [(grant.scope, grant.party_id > 0) for grant in held] == [(Scope.ROUND, True)]


def test_an_account_becomes_judge_of_one_round(run, imported, browser):
    link = run("judge", "SN24", "example-judge").output.strip()
    client = browser()
    assert client.post(link[link.index("/sign-in/") :]).status_code == 302
    assert client.get("/home").location == "/judge/"
    assert client.get("/judge/SN24").status_code == 200


def test_a_laboratory_of_a_round_never_judges_it(run, imported):
    run("invite", "SN24", "--lab", "东莞第04")
    login = db.session.scalars(sa.select(User.login).where(User.login.startswith("lab-"))).one()
    refused = run("judge", "SN24", login)
    assert refused.exit_code == 1
    assert f"The account {login} is judge or laboratory of this round already" in refused.output
    assert db.session.scalars(sa.select(Grant.role).filter_by(scope=Scope.ROUND)).all() == [
        Role.LAB
    ]


def test_a_judge_of_a_round_is_never_invited_as_laboratory(run, imported):
    lab = db.session.scalars(
        sa.select(Participation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Organisation.name.contains("东莞第04"))
    ).one()
    assert run("judge", "SN24", f" lab-{lab.public_id} ").exit_code == 0
    assert run("judge", "SN24", f" lab-{lab.public_id} ").exit_code == 0
    refused = run("invite", "SN24", "--lab", "东莞第04")
    assert refused.exit_code == 1
    assert "nobody is both" in refused.output
    assert db.session.scalars(sa.select(Grant.role).filter_by(scope=Scope.ROUND)).all() == [
        Role.JUDGE
    ]
