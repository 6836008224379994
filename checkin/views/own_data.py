"""Pages of a ticket's holder about their own data: see, take along, correct, delete."""

import json
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from checkin import own_data, retention, tickets
from checkin.forms import OwnDataForm, WithdrawForm
from checkin.presentation import OccasionCard
from checkin.views.attendee import attendance_of, pages
from core import access
from core.db import transaction
from core.errors import Conflict
from core.sending import File, send_made


@pages.route("/my/<token>/data", methods=["GET", "POST"], endpoint="own_data")
@access.link
def show(token: str) -> Any:
    """Show what is kept about the holder and until when, and correct it."""
    form, sent = OwnDataForm(), False
    if form.validate_on_submit():
        try:
            with transaction():
                own_data.correct(
                    tickets.by_holder(token)[0],
                    employer=form.employer.data or "",
                    post=form.post.data or "",
                    mobile=form.mobile.data or "",
                )
            sent = True
        except Conflict as error:
            form.form_errors.append(_(error.message))
    if sent:
        flash(_("Your data is corrected."), "success")
        return redirect(url_for("attendee.own_data", token=token))
    registration, occasion = tickets.by_holder(token)
    if not form.is_submitted():
        form.process(data={"employer": registration.employer, "post": registration.post})
    page = render_template(
        "checkin/attendee/own_data.html",
        form=form,
        token=token,
        occasion=OccasionCard(occasion),
        registration=registration,
        came=attendance_of(registration),
        mobile_forgotten=retention.is_forgotten(registration),
        kept_until=retention.kept_until(occasion),
        erased=own_data.is_erased(registration),
        can_delete=own_data.can_delete(registration),
    )
    return page, 422 if form.errors else 200


@pages.get("/my/<token>/data.json", endpoint="own_copy")
@access.link
def copy(token: str) -> Response:
    """Return the same as a file; a real address, since WeChat refuses blobs."""
    text = json.dumps(
        own_data.copy(*tickets.by_holder(token)), ensure_ascii=False, indent=2, sort_keys=True
    )
    return send_made(File(text.encode(), "application/json", "my-data.json"))


@pages.route("/my/<token>/data/delete", methods=["GET", "POST"], endpoint="own_delete")
@access.link
def delete(token: str) -> Any:
    """Delete the holder's data after one question."""
    form = WithdrawForm()
    if form.validate_on_submit():
        with transaction():
            own_data.delete(*tickets.by_holder(token))
        flash(_("Your data is deleted as far as the record allows."), "success")
        return redirect(url_for("attendee.own_data", token=token))
    registration, occasion = tickets.by_holder(token)
    return render_template(
        "checkin/attendee/own_delete.html",
        form=form,
        token=token,
        occasion=OccasionCard(occasion),
        registration=registration,
        came=attendance_of(registration),
    )
