"""The office reviews what a body filed: its page, each version, the decision, more time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign import bodies, campaigns, extension, filings, officers, overview, review, words
from campaign.exports import ITEM_WORDS
from campaign.models import Act, Body, Campaign, Filing, Item
from campaign.tasks import tasks
from campaign.views.pages import body_of_year, office, staff
from core import access
from core.db import db, transaction
from core.errors import N_, AppError, Conflict, InvalidInput, NotFound
from core.i18n import is_chinese
from core.personal import mask_mobile

#: Files of a version shown on its page; the gallery shows all of them.
FILES_SHOWN = 30
#: What is often wrong, offered to be ticked beside one's own words.
USUAL_REASONS = {
    Item.SLIP: (
        _l("The scan of the stamped slip is missing or cannot be read."),
        _l("The stamp is not that of the reporting body."),
        _l("A mobile number does not work; check it."),
    ),
    Item.PLAN: (
        _l("The attached file cannot be opened."),
        _l("The plan does not say when and where activities take place."),
        _l("The plan is not stamped."),
    ),
    Item.SUMMARY: (
        _l("The text and the figures contradict each other."),
        _l("Figures are missing without a word on why."),
        _l("Sessions, attendances and people were mixed up."),
    ),
    Item.EVIDENCE: (
        _l("Photos have no caption or no task."),
        _l("A file or a link cannot be opened."),
        _l("The evidence does not show what the summary says."),
    ),
}


@dataclass(frozen=True)
class Named:
    """A liaison officer as the office sees one: the mobile is masked."""

    name: str
    mobile: str
    #: Of the account (:class:`campaign.officers.Officer`); ``none`` before the slip is accepted.
    state: str
    #: Public id of the person on the newest slip; empty when the slip does not name them.
    person_id: str = ""


def _officers(body: Body) -> list[Named]:
    newest = filings.last_version(body, Item.SLIP)
    slip = {p.mobile or p.public_id: p for p in (filings.persons(newest) if newest else [])}
    listed = []
    for one in officers.of(body):
        person = slip.pop(one.mobile or one.user.login, None)
        person_id = person.public_id if person else ""
        listed.append(Named(one.name, mask_mobile(one.mobile), one.state, person_id))
    return listed + [
        Named(person.name, mask_mobile(person.mobile), "none", person.public_id)
        for person in slip.values()
    ]


@office.get("/<int:year>/bodies/<body_id>")
@staff
def body(year: int, body_id: str) -> str:
    """Show one body: its four items with everything that happened, officers, more time."""
    return _body_page(*body_of_year(year, body_id))


def _body_page(
    campaign: Campaign, found: Body, typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    places = bodies.place_names(english=not is_chinese())
    return render_template(
        "campaign/office/body.html",
        campaign=campaign,
        body=found,
        place=places[found.place_id],
        kind=words.KINDS[found.kind],
        items={item.value: progress for item, progress in filings.standing(found).items.items()},
        item_words=ITEM_WORDS,
        history={item.value: events for item, events in overview.history(found).items()},
        officers=_officers(found),
        general={item.value: due for item, due in campaigns.deadlines(campaign).items()},
        typed=typed or {"items": [], "day": "", "time": "24:00", "reason": ""},
        wrong={field: _(message) for field, message in (wrong or {}).items()},
    )


@office.post("/<int:year>/bodies/<body_id>/extend")
@staff
def extend(year: int, body_id: str) -> Any:
    """Give one body more time for some items, with a reason it reads."""
    form = request.form
    try:
        wanted = extension.read(form.getlist("item"), form)
        with transaction():
            campaign, found = body_of_year(year, body_id)
            review.extend(campaign, found, wanted, access.current())
    except InvalidInput as error:
        typed: dict[str, Any] = {name: form.get(name, "") for name in ("day", "time", "reason")}
        typed["items"] = form.getlist("item")
        return _body_page(*body_of_year(year, body_id), typed, error.fields), 422
    flash(_("The body has more time now; the board shows it at once."), "success")
    return redirect(url_for("month.body", year=year, body_id=body_id))


def _filing(year: int, filing_id: str) -> tuple[Campaign, Body, Filing]:
    """Return a filed version of that year; a decision has no page of its own."""
    campaign, filing = campaigns.of_year(year), filings.find(filing_id)
    found = db.session.get_one(Body, filing.body_id)
    if found.campaign_id != campaign.id or filing.act is not Act.FILED:
        raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
    return campaign, found, filing


@office.get("/<int:year>/filings/<filing_id>")
@staff
def filing(year: int, filing_id: str) -> str:
    """Show one filed version, what it changed, and the buttons that decide about it."""
    return _filing_page(*_filing(year, filing_id))


def _filing_page(
    campaign: Campaign, found: Body, filed: Filing, problem: AppError | None = None
) -> str:
    item, filed_versions = filed.item, review.versions(found, filed.item)
    at = next(no for no, one in enumerate(filed_versions) if one.id == filed.id)
    before = filed_versions[at - 1] if at else None
    following, waiting = overview.waiting(campaign, _place_in_queue(found, item))
    names, office_ids = overview.people([filed.user_id])
    said = request.form if problem else None
    return render_template(
        "campaign/office/filing.html",
        campaign=campaign,
        body=found,
        filing=filed,
        item=item.value,
        label=words.ITEMS[item],
        progress=filings.standing(found).items[item],
        who=names.get(filed.user_id, ""),
        by_office=filed.user_id in office_ids,
        versions=filed_versions,
        before=before,
        after=filed_versions[at + 1] if at + 1 < len(filed_versions) else None,
        difference=review.compared(before, filed) if before else None,
        tasks=tasks() if item is Item.SUMMARY else (),
        files=filed.document.get("files", []),
        most=FILES_SHOWN,
        persons=filings.persons(filed) if item is Item.SLIP else [],
        seen=review.seen(found, item),
        usual=USUAL_REASONS[item],
        ticked=said.getlist("usual") if said else [],
        reason=said.get("reason", "") if said else "",
        problem=_(problem.message, **problem.params) if problem else "",
        following=following if following != filed.public_id else "",
        waiting=waiting,
        chinese=is_chinese(),
    )


def _place_in_queue(found: Body, item: Item) -> tuple[int, int]:
    return found.position, list(Item).index(item)


@office.post("/<int:year>/filings/<filing_id>/<any(accept, return):act>")
@staff
def decide(year: int, filing_id: str, act: str) -> Any:
    """Accept the version, or return it with a reason; whoever was second is told."""
    form, actor = request.form, access.current()
    seen = form.get("seen", "")
    reasons = [*form.getlist("usual"), form.get("reason", "")]
    reason = "\n".join(text.strip() for text in reasons if text.strip())
    try:
        with transaction():
            _campaign, _body, filed = _filing(year, filing_id)
            review.decide(
                filed, act, actor, seen_no=int(seen) if seen.isdecimal() else 0, reason=reason
            )
    except (Conflict, InvalidInput) as error:
        return _filing_page(*_filing(year, filing_id), error), error.status
    said = _("Accepted.") if act == "accept" else _("Returned; the body reads your reason.")
    flash(said, "success")
    return redirect(url_for("month.filing", year=year, filing_id=filing_id))
