"""The office's review: one version looked at, one decision, and more time for a body."""

import sqlalchemy as sa

from campaign import bodies, campaigns, filings, officers, overview, review
from campaign.models import Act, Filing, Item, SlipPerson
from campaign.progress import Lateness, State
from core.audit import AuditEntry
from core.clock import local, now
from core.db import db, transaction
from core.errors import AppError
from tests import factories
from tests.campaign import boards, worlds
from tests.racing import race


def page(filing: Filing) -> str:
    return f"/office/month/{campaigns.current().year}/filings/{filing.public_id}"


def decide(client, filing: Filing, act: str, seen: int | None = None, **form: object):
    seen = filing.seq if seen is None else seen
    return client.post(f"{page(filing)}/{act}", data={"seen": str(seen), **form})


def state(filing: Filing) -> State:
    db.session.expire_all()
    body = db.session.get_one(bodies.Body, filing.body_id)
    return filings.standing(body).items[filing.item].state


def first():
    return boards.listed()[0]


def test_a_waiting_version_is_accepted_from_its_page(each_app, office):
    filing = boards.file(first())
    answer = office.submit(page(filing), form=0)
    assert answer.status_code == 302
    assert state(filing) is State.ACCEPTED


def test_a_return_needs_a_reason_of_four_characters_and_keeps_what_was_typed(app, office):
    filing = boards.file(first())
    answer = decide(office, filing, "return", reason="不行")
    assert answer.status_code == 422
    assert ">不行</textarea>" in answer.text
    assert state(filing) is State.FILED


def test_ticked_reasons_and_own_words_reach_the_body_together(app, office):
    filing = boards.file(first())
    decide(office, filing, "return", usual="方案未加盖公章。", reason="请补充时间。")
    assert filings.standing(first()).items[Item.PLAN].reason == "方案未加盖公章。\n请补充时间。"
    assert state(filing) is State.RETURNED


def test_what_was_accepted_can_still_be_returned(app, office):
    filing = boards.file(first())
    boards.accept(first())
    assert decide(office, filing, "return", seen=2, reason="缺少公章").status_code == 302
    assert state(filing) is State.RETURNED


def test_nobody_decides_about_a_page_that_is_no_longer_true(app, office):
    old = boards.file(first())
    new = boards.file(first())
    for act in ("accept", "return"):
        answer = decide(office, old, act, seen=2, reason="缺少公章")
        assert answer.status_code == 409
        answer = decide(office, new, act, seen=1, reason="缺少公章")
        assert answer.status_code == 409
    assert state(new) is State.FILED


def test_a_decision_has_no_page_and_nothing_to_decide(app, office):
    filing = boards.file(first())
    boards.accept(first())
    done = db.session.scalars(sa.select(Filing).filter_by(act=Act.ACCEPTED)).one()
    assert office.get(page(done)).status_code == 404
    assert 'value="accept' not in office.get(page(filing)).text


def test_a_filing_of_another_year_is_unknown_in_this_one(app, office):
    filing = boards.file(first())
    with factories.writing():
        year = campaigns.current().year + 1
        campaigns.copy(campaigns.current(), year, factories.ACTOR)
    assert office.get(f"/office/month/{year}/filings/{filing.public_id}").status_code == 404


def officers_at_once(app, filing: Filing, decide):
    """Have four accept and four return at the same moment; return how many succeeded."""
    number = filing.id

    def act(runner: int) -> str:
        with transaction():
            found = db.session.get_one(Filing, number)
            try:
                decide(found, "accept" if runner % 2 else "return")
            except AppError as error:
                return error.code
        return "done"

    db.session.rollback()
    return race(app, act, 8)


def test_of_officers_who_decide_at_once_one_does_and_the_others_are_told(each_app):
    filing = boards.file(first())

    def decide(found: Filing, act: str) -> None:
        review.decide(found, act, factories.ACTOR, seen_no=1, reason="缺少公章")

    answers = officers_at_once(each_app, filing, decide)
    assert sorted(answers) == ["decided_meanwhile"] * 7 + ["done"]
    assert len(filings.history(first(), Item.PLAN)) == 2


def test_without_a_look_at_what_was_seen_an_acceptance_is_returned_by_the_second(each_app):
    filing = boards.file(first())

    def decide(found: Filing, act: str) -> None:
        body = db.session.get_one(bodies.Body, found.body_id)
        if act == "accept":
            filings.accept(body, found.item, factories.ACTOR, version=1)
        else:
            filings.give_back(body, found.item, "缺少公章", factories.ACTOR)

    def in_turn(_runner: int) -> None:
        for act in ("accept", "return"):
            with transaction():
                decide(db.session.get_one(Filing, number), act)

    number = filing.id
    db.session.rollback()
    assert race(each_app, in_turn, 1) == [None]
    assert len(filings.history(first(), Item.PLAN)) == 3


def test_the_persons_of_an_accepted_slip_become_officers_of_the_body_at_once(app, office):
    filing = boards.file(first(), Item.SLIP)
    assert officers.of(first()) == []
    decide(office, filing, "accept")
    mobiles = set(db.session.scalars(sa.select(SlipPerson.mobile).filter_by(filing_id=filing.id)))
    assert {officer.user.login for officer in officers.of(first())} == mobiles


def test_a_slip_is_shown_with_masked_numbers_and_a_way_to_each_of_them(app, office, month):
    text = office.get(page(month.filing)).text
    assert month.person.mobile not in text
    assert "020-12345678" not in text
    assert f"{month.person.mobile[:3]}****{month.person.mobile[-4:]}" in text
    assert f"/people/{month.person.public_id}/unmask" in text


def test_a_body_page_shows_officers_masked_and_every_act(app, office, month):
    boards.give_back(month.body, Item.SLIP)
    url = f"/office/month/{month.campaign.year}/bodies/{month.body.public_id}"
    text = office.get(url).text
    assert month.person.mobile not in text
    assert month.officer.login not in text
    assert page(month.filing) in text
    assert "缺少公章" in text


def test_the_page_of_a_later_version_says_what_it_changed(app, office):
    boards.summary(first(), tours__sessions=684)
    filing = boards.summary(first(), tours__sessions=812)
    text = office.get(page(filing)).text
    assert 'id="changed"' in text
    assert ">684</span> → <strong>" in text
    assert 'rel="prev"' in text


def test_an_older_version_offers_no_decision_and_leads_to_the_newer_one(app, office):
    old = boards.file(first())
    new = boards.file(first())
    text = office.get(page(old)).text
    assert "/accept" not in text
    assert page(new) in text


def test_after_each_decision_the_next_waiting_filing_is_one_click_away(app, office):
    waiting = [boards.file(body) for body in boards.listed()[:3]]
    decide(office, waiting[1], "accept")
    assert page(waiting[2]) in office.get(page(waiting[1])).text
    # At the end of the list the queue begins again, and then it is empty.
    decide(office, waiting[2], "accept")
    assert page(waiting[0]) in office.get(page(waiting[2])).text
    decide(office, waiting[0], "accept")
    assert overview.waiting(campaigns.current()) == ("", 0)
    assert office.get(page(waiting[0])).status_code == 200


def test_a_summary_shows_every_figure_and_what_is_missing_as_such(app, office):
    filing = boards.summary(first(), tours__sessions=0, tours__attendances=None)
    text = office.get(page(filing)).text
    assert text.count('<span class="missing">未报</span>') == 26
    assert text.count('<span class="num">0</span>') == 1


def extend(client, **form: object):
    body = first()
    url = f"/office/month/{campaigns.current().year}/bodies/{body.public_id}/extend"
    day = f"{local(now()).year}-12-31"
    return client.post(url, data={"item": "slip", "day": day, "reason": "台风影响", **form})


def test_more_time_for_one_body_holds_for_it_alone_and_is_told_with_its_reason(each_app, office):
    assert extend(office, time="24:00").status_code == 302
    late = [body.items[Item.SLIP].lateness for body in filings.standings(
        campaigns.current(), boards.listed())]  # fmt: skip
    assert late.count(Lateness.OVERDUE) == 39
    url = f"/office/month/{campaigns.current().year}/bodies/{first().public_id}"
    text = office.get(url).text
    assert "台风影响" in text
    assert "12月31日" in text


def test_more_time_without_item_day_or_reason_is_refused_beside_the_field(app, office):
    answer = extend(office, item="", day="", reason="嗯")
    assert answer.status_code == 422
    for field in ("items", "day", "reason"):
        assert f'id="{field}-error"' in answer.text


def test_more_time_is_never_less_than_everybody_has(app, office):
    year = local(now()).year
    assert extend(office, day=f"{year}-01-01").status_code == 422
    assert extend(office, day=f"{year + 9}-01-01").status_code == 422
    assert extend(office, day=f"{year}-08-26").status_code == 302


def test_decisions_and_extensions_are_on_record_without_words(app, office):
    filing = boards.file(first())
    decide(office, filing, "return", reason="缺少公章")
    extend(office)
    entries = db.session.scalars(sa.select(AuditEntry)).all()
    acts = {entry.action: entry.details for entry in entries}
    assert acts["filing.returned"]["item"] == "plan"
    assert "deadline.set" in acts
    assert "缺少公章" not in str([entry.details for entry in entries])


def test_an_officer_of_a_body_decides_nothing(app, officer, month):
    assert officer.get(page(month.filing)).status_code == 403
    assert decide(officer, month.filing, "accept").status_code == 403
    assert extend(officer).status_code == 403


def test_a_filing_for_the_body_by_the_office_says_so(app, office, browser):
    boss = factories.user(factories.Role.OFFICE)
    with factories.writing():
        filing = filings.file(first(), Item.PLAN, {}, worlds.actor(boss), at=now())
    assert "办公室代填" in office.get(page(filing)).text
