"""Invitations of the bodies: contacts, links, the text, and what was sent by which way."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from campaign import campaigns, invitations, officers, telling, wording
from campaign.forms.invitations import ContactRow, InvitationText, OfficerForm, stored, typed
from campaign.models import Campaign
from campaign.presentation.telling import INVITED, OFFICER
from campaign.views.pages import body_of_year, office, staff
from core import access, notify, sheets
from core.clock import local, now
from core.db import read_only_done, transaction
from core.errors import Conflict, InvalidInput
from core.notify import Channel
from core.outbox import CHANNELS
from core.sending import File, send_made

#: Key of the edited text in the browser's session, beside its year.
TEXT = "invitation_text"
ACTS = {"noted": Channel.COPY, "email": Channel.EMAIL, "webhook": Channel.WEBHOOK}


def _text(campaign: Campaign) -> str:
    """Return the text as this browser has edited it, or the usual one."""
    year, kept = session.get(TEXT, (0, ""))
    return kept if year == campaign.year else invitations.template(campaign)


@office.route("/<int:year>/invitations", methods=["GET", "POST"], endpoint="invitations")
@staff
def home(year: int) -> Any:
    """List the bodies with their invitations; keep the edited text, or the grid of contacts."""
    if request.method == "POST":
        return _keep_contacts(year) if "contacts" in request.form else _keep_text(year)
    campaign = campaigns.of_year(year)
    if request.args.get("edit"):
        return _grid(campaign, [stored(row) for row in invitations.rows(campaign)])
    return _listed(campaign, InvitationText(data={"text": _text(campaign)}))


def _listed(campaign: Campaign, form: InvitationText, other: OfficerForm | None = None) -> Any:
    show = request.values.get("show", "all")
    show = show if show in invitations.SHOW else "all"
    only = request.values.get("of", "")
    rows = invitations.rows(campaign)
    shown = [
        row for row in rows if only in ("", row.body.public_id) and invitations.SHOW[show](row)
    ]
    written = invitations.texts(campaign, shown, _text(campaign))
    page = render_template(
        "campaign/office/invitations.html",
        campaign=campaign,
        rows=shown,
        counts={key: sum(map(test, rows)) for key, test in invitations.SHOW.items()},
        reachable=sum(bool(one.mobile) for row in rows for one in row.waiting),
        texts={
            one.user.id: telling.shown(written[row.body.id][one.user.id], one.recipient)
            for row in shown
            for one in row.officers
        },
        form=form,
        other=other or OfficerForm(formdata=None),
        show=show,
        only=only,
        sending=[way for way in notify.channels() if way not in telling.BY_HAND],
        words=CHANNELS,
        states=INVITED,
        people=OFFICER,
        placeholders=wording.INVITATION,
    )
    wrong = form.errors or (other and other.errors)
    return page, 422 if wrong else 200


def _keep_text(year: int) -> Any:
    campaign = campaigns.of_year(year)
    if "usual" in request.form:
        session.pop(TEXT, None)
        flash(_("The usual text is back."), "success")
        return redirect(url_for("month.invitations", year=year))
    form = InvitationText()
    if not form.validate_on_submit():
        return _listed(campaign, form)
    session[TEXT] = (year, form.text.data)
    flash(_("Every text below is written anew; nothing was sent."), "success")
    return redirect(url_for("month.invitations", year=year))


def _grid(campaign: Campaign, rows: list[ContactRow]) -> Any:
    page = render_template("campaign/office/contacts.html", campaign=campaign, rows=rows)
    return page, 422 if any(row.wrong for row in rows) else 200


def _keep_contacts(year: int) -> Any:
    campaign = campaigns.of_year(year)
    rows = [typed(row, request.form) for row in invitations.rows(campaign)]
    if any(row.wrong for row in rows):
        return _grid(campaign, rows)
    wishes = {row.invited.body.public_id: row.contact for row in rows if row.open}
    read_only_done()
    try:
        with transaction():
            found = campaigns.of_year(year)
            changed = invitations.save_contacts(found, wishes, access.current())
    except InvalidInput as error:
        campaign = campaigns.of_year(year)
        again = [typed(row, request.form) for row in invitations.rows(campaign)]
        for row in again:
            message = error.fields.get(f"mobile-{row.invited.body.public_id}")
            row.wrong |= {"mobile": _(message)} if message else {}
        return _grid(campaign, again)
    flash(_("Contacts changed: %(count)s.", count=changed), "success")
    return redirect(url_for("month.invitations", year=year))


def _back(year: int) -> AnyResponse:
    show, only = (request.form.get(name) or None for name in ("show", "of"))
    row = "b" + request.form["body"] if request.form.get("body") else None
    return redirect(url_for("month.invitations", year=year, show=show, of=only, _anchor=row))


@office.post("/<int:year>/invitations/invite")
@staff
def invite(year: int) -> Any:
    """Make links for all who have none, or act on one body: invite, renew, note, send, add."""
    act, body_id = request.form.get("act", ""), request.form.get("body", "")
    if act == "add":
        return _add(year, body_id)
    actor = access.current()
    with transaction():
        campaign = campaigns.of_year(year)
        if not body_id:
            done = invitations.invite_all(campaign, actor)
            said = _("Links made: %(count)s. Send the texts now.", count=done)
        elif act in ACTS:
            row = invitations.rows(campaign, only=body_of_year(year, body_id)[1].public_id)
            count = len(invitations.deliver(campaign, row, _text(campaign), ACTS[act], actor))
            said = _("On record as sent: %(count)s.", count=count)
        else:
            body = body_of_year(year, body_id)[1]
            invitations.invite(campaign, body, actor, renew=act == "renew")
            said = _("The link is ready. Send its text now.")
    flash(said, "success")
    return _back(year)


def _add(year: int, body_id: str) -> Any:
    form = OfficerForm()
    try:
        if form.validate_on_submit():
            name, mobile = form.name.data or "", form.mobile.data or ""
            email = form.email.data or ""
            with transaction():
                body, actor = body_of_year(year, body_id)[1], access.current()
                officers.invite(body, actor, name=name, mobile=mobile, email=email)
            flash(_("The officer is added. Send the text with the link now."), "success")
            return _back(year)
    except Conflict as error:
        form.mobile.errors = [_(error.message)]
    campaign, _body = body_of_year(year, body_id)
    return _listed(campaign, InvitationText(formdata=None, data={"text": _text(campaign)}), form)


@office.post("/<int:year>/invitations/sheet")
@staff
def invitations_sheet(year: int) -> Any:
    """Return the list for a bulk-SMS platform; it holds full mobiles, so it is asked twice."""
    if request.form.get("sure") != "yes":
        flash(_("Tick that you need the full numbers, then take the list."), "warning")
        return _back(year)
    try:
        with transaction():
            campaign = campaigns.of_year(year)
            actor = access.current()
            done = invitations.sheet(campaign, _text(campaign), actor)
            content = notify.bulk_sheet(done, actor.name)
    except Conflict as error:
        flash(_(error.message), "error")
        return _back(year)
    return download(content, f"invitations-{year}")


def download(content: bytes, name: str) -> Response:
    """Return a workbook to the browser, its name with the time it was made."""
    return send_made(File(content, sheets.XLSX, f"{name}-{local(now()):%Y%m%d-%H%M}.xlsx"))


@office.post("/<int:year>/bodies/<body_id>/officers/<user_id>/<any(renew, remove):act>")
@staff
def officer_access(year: int, body_id: str, user_id: str, act: str) -> AnyResponse:
    """Give an officer a new link, which ends the old one, or take the role back."""
    with transaction():
        _campaign, body = body_of_year(year, body_id)
        user = officers.find(body, user_id)
        if act == "renew":
            officers.make_link(body, user, access.current())
        else:
            officers.remove(body, user, access.current())
    said = {
        "renew": _("The new link is ready; the old one opens nothing any more."),
        "remove": _("The officer files for this body no more."),
    }
    flash(said[act], "success")
    return _back(year)
