"""Until unblinding no page, link, file or image of a judge holds what names a laboratory."""

import json

import pytest
import sqlalchemy as sa

from campaign.models import Organisation, Place
from core.accounts import User
from core.db import db
from scoring import rounds
from scoring.models import EntryVersion, Participation, Run, Sample
from tests import databases, factories
from tests.addresses import routes
from tests.scoring import played as playing
from tests.scoring.crawler import crawl, hits

#: Codes whose pages the quick test reads: those with typed reasons, late, void, silent.
SOME = {f"SN24-{number:03}" for number in (1, 18, 19, 31, 44, 47, 64, 82)}


@pytest.fixture
def database_url(played, tmp_path):
    return databases.copied(played, tmp_path)


@pytest.fixture
def judge(app, browser):
    return browser(db.session.scalars(sa.select(User).filter_by(login=playing.JUDGE)).one())


def talkative_codes():
    run = db.session.scalars(sa.select(Run)).one()
    entries = [(p["code"], e) for p in run.snapshot["participants"] for e in p["entries"]]
    return {code for code, entry in entries if entry["reason"]}


def some():
    """Return a filter that leaves out most of the pages of codes."""
    wanted = SOME | talkative_codes()
    return lambda path: "/codes/" not in path or path.rpartition("/codes/")[2] in wanted


def named(kind, values):
    return {value: kind for value in values if value}


def secrets():
    """Return everything on the blindness list, as it stands in the database, by its words."""
    names = db.session.scalars(sa.select(Organisation.name)).all()
    members = db.session.scalars(sa.select(Participation)).all()
    versions = db.session.scalars(sa.select(EntryVersion)).all()
    judges = sa.select(User).where(User.login != playing.JUDGE)
    users = db.session.scalars(judges).all()
    return {
        **named("name", names),
        **named("short form", map(playing.core_of, names)),
        **named("city", db.session.scalars(sa.select(Place.name))),
        **named("qualification", db.session.scalars(sa.select(Organisation.qualification_no))),
        **named("contact", (m.contact_name for m in members)),
        **named("mobile", (m.contact_mobile for m in members)),
        **named("participation", (m.public_id for m in members)),
        **named("login", (u.login for u in users)),
        **named("account", (u.public_id for u in users)),
        **named("sample", db.session.scalars(sa.select(Sample.sample_no))),
        **named("receipt", (v.receipt_no for v in versions)),
        **named("seal", (v.seal for v in versions)),
        **named("nonce", (v.document["nonce"] for v in versions)),
        **named("press", (v.document["conditions"]["press_no"] for v in versions)),
        **named("signatory", (n for v in versions for n in v.document["signatories"].values())),
    }


def test_the_list_of_secrets_is_whole(app):
    kinds = list(secrets().values())
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts["name"] == counts["qualification"] == counts["participation"] == 120
    assert counts["city"] == 22
    assert counts["sample"] == 240
    assert counts["receipt"] == counts["seal"] == 235 + playing.TALKATIVE
    assert counts["login"] == playing.TALKATIVE
    assert min(counts["mobile"], counts["press"], counts["signatory"]) > 100
    assert counts["contact"]  # most sign as well


def read(judge, wanted):
    texts = crawl(judge, "/judge/", wanted)
    found = hits(texts, secrets())
    assert not found, "\n".join(found[:20])
    return set(texts)


def test_a_judge_reads_no_name_on_any_kind_of_page_or_in_an_export(app, judge):
    addresses = read(judge, some())
    assert {"/judge/SN24/results.xlsx", "/judge/SN24/results.csv"} <= addresses
    assert len([a for a in addresses if "/parameters/" in a and "?" not in a]) == 18
    assert len([a for a in addresses if "?sort=" in a]) >= 8
    assert len([a for a in addresses if "/codes/" in a]) >= len(SOME)


@pytest.mark.slow
def test_a_judge_reads_no_name_on_the_page_of_any_code(app, judge):
    addresses = read(judge, lambda path: True)
    assert len([a for a in addresses if "/codes/" in a]) == 120


def test_a_typed_reason_is_shown_without_what_gives_away(app, judge):
    code = min(talkative_codes())
    page = judge.get(f"/judge/SN24/codes/{code}").text
    assert page.count("停电") == 2
    assert page.count("〔已隐去〕") > 10
    assert "见〔已隐去〕附件" in page


def test_the_crawl_finds_a_name_that_is_planted_in_a_page(app, judge):
    name = db.session.scalars(sa.select(Organisation.name)).first()
    with factories.writing():
        rounds.find("SN24").title = f"比对试验 {name}"
    found = hits(crawl(judge, "/judge/", lambda path: path == "/judge/"), secrets())
    assert any(name in hit for hit in found)


def test_the_crawl_finds_a_sample_number_that_is_planted_in_the_snapshot(app, judge):
    run = db.session.scalars(sa.select(Run)).one()
    number = db.session.scalars(sa.select(Sample.sample_no)).first()
    snapshot = json.loads(json.dumps(run.snapshot))
    snapshot["participants"][0]["entries"][0]["reason"] = f"样品{number}受潮"
    values = {c.key: getattr(run, c.key) for c in sa.inspect(Run).columns if c.key != "id"}
    with factories.writing():
        db.session.add(Run(**values | {"no": 2, "snapshot": snapshot, "input_seal": "0" * 64}))
    code = snapshot["participants"][0]["code"]
    texts = crawl(judge, "/judge/SN24/ranking", lambda path: path.endswith(code))
    assert any(hit.startswith(f"sample '{number}'") for hit in hits(texts, secrets()))


def refused(app, client, area):
    """Return the rules of an area that do not refuse this browser's role."""
    open_ = []
    adapter = app.url_map.bind("localhost")
    for rule, method in routes(app):
        if str(rule).startswith(area):
            values = {name: "xlsx" if name == "kind" else "SN24" for name in rule.arguments}
            answer = client.open(adapter.build(rule.endpoint, values), method=method)
            open_ += [] if answer.status_code == 403 else [f"{method} {rule}: {answer.status}"]
    return open_


def test_judges_and_laboratories_do_not_reach_each_others_pages(app, browser, judge):
    user = db.session.scalars(sa.select(User).where(User.login.like("lab-%")).limit(1)).one()
    assert user.grants[0].party_id
    assert refused(app, browser(user), "/judge/") == []
    assert len([rule for rule in app.url_map.iter_rules() if str(rule).startswith("/judge/")]) == 8
    assert refused(app, judge, "/lab/") == []
