"""Who runs an occasion beside the office: grant it to an account, take it back."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from checkin.forms import OrganiserForm
from checkin.presentation import OccasionCard
from checkin.views.office import mine, pages
from core import access, accounts, audit, people
from core.access import Role, Scope
from core.db import db, transaction

__all__ = ["pages"]


@pages.route("/occasions/<occasion_id>/organisers", methods=["GET", "POST"])
@access.roles(Role.ADMIN, Role.OFFICE)
def organisers(occasion_id: str) -> Any:
    """List who runs this occasion and grant it to one more."""
    form, link = OrganiserForm(), ""
    if form.validate_on_submit():
        login, name = (form.login.data or "").strip(), (form.name.data or "").strip()
        with transaction():
            occasion = mine(occasion_id)
            user = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
            if user is None and not name:
                form.name.errors = [_("There is no such account. Enter a name to make a new one.")]
            else:
                if user is None:
                    user = people.invite(login, name, access.current())
                    link = people.sign_in_link(user)
                accounts.grant(user, Role.ORGANISER, Scope.OCCASION, occasion.id)
                audit.record(
                    "grant", "occasion", occasion_id, actor=access.current(), user=user.public_id
                )
    found = mine(occasion_id)
    page = render_template(
        "checkin/office/organisers.html",
        form=form,
        link=link,
        occasion=OccasionCard(found),
        users=people.holders(Role.ORGANISER, Scope.OCCASION, found.id),
    )
    return page, 422 if form.errors else 200


@pages.post("/occasions/<occasion_id>/organisers/<user_id>/remove")
@access.roles(Role.ADMIN, Role.OFFICE)
def remove_organiser(occasion_id: str, user_id: str) -> Response:
    """Take the grant back; the account stays."""
    with transaction():
        occasion, user = mine(occasion_id), people.find(user_id)
        db.session.execute(
            sa.delete(accounts.Grant).where(
                accounts.Grant.user_id == user.id,
                accounts.Grant.role == Role.ORGANISER,
                accounts.Grant.scope == Scope.OCCASION,
                accounts.Grant.scope_id == occasion.id,
            )
        )
        audit.record("revoke", "occasion", occasion_id, actor=access.current(), user=user.public_id)
    flash(_("%(name)s does not run this session any more.", name=user.name), "success")
    return redirect(url_for("office.organisers", occasion_id=occasion_id))
