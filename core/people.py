"""Pages of the administrator: who has an account, in which role, and their sign-in links."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from core import access, accounts, audit, own_data, unmasking
from core.access import Role, Scope
from core.accounts import User
from core.clock import now
from core.config import settings
from core.db import db, transaction
from core.errors import N_, Conflict, NotFound
from core.forms import ROLES, PersonForm, UnmaskForm

pages = Blueprint("people", __name__, url_prefix="/people")


@pages.route("/", methods=["GET", "POST"])
@access.roles(Role.ADMIN)
def home() -> Any:
    """List the accounts and add one; the answer shows its one-time link once."""
    form, link = PersonForm(), ""
    if form.validate_on_submit():
        try:
            with transaction():
                user = invite(form.login.data or "", form.name.data or "", access.current())
                accounts.grant(user, Role(form.role.data))
                link = sign_in_link(user)
        except Conflict as error:
            form.login.errors = [_(error.message)]
    return _listed(form, link), 422 if form.errors else 200


def _listed(form: PersonForm, link: str) -> str:
    users = db.session.scalars(
        sa.select(User).options(selectinload(User.grants)).order_by(User.login)
    ).all()
    return render_template("account/people.html", form=form, users=users, link=link, roles=ROLES)


def invite(login: str, name: str, actor: access.Actor) -> User:
    """Add an account, or raise :class:`Conflict` when the login is taken."""
    if db.session.scalar(sa.select(User.id).filter_by(login=login.strip())):
        raise Conflict(
            "login_taken", N_("This account exists already. Choose another name for the account.")
        )
    user = accounts.create(login, name)
    audit.record("create", "user", user.public_id, actor=actor)
    return user


def sign_in_link(user: User) -> str:
    """Return a new one-time link of ``user``, absolute, to be sent by hand."""
    return settings().public_url + url_for("account.link", token=accounts.make_link(user))


def find(public_id: str) -> User:
    """Return the account of a public id, or raise :class:`NotFound`."""
    user = db.session.scalar(sa.select(User).filter_by(public_id=public_id))
    if user is None:
        raise NotFound("unknown_user", N_("There is no such account. Go back to the list."))
    return user


@pages.post("/<user_id>/link")
@access.roles(Role.ADMIN)
def link(user_id: str) -> str:
    """Show a new one-time link once."""
    with transaction():
        user = find(user_id)
        made = sign_in_link(user)
        audit.record("link", "user", user.public_id, actor=access.current())
    return _listed(PersonForm(formdata=None), made)


@pages.post("/<user_id>/<any(disable, enable):act>")
@access.roles(Role.ADMIN)
def change(user_id: str, act: str) -> Response:
    """Close an account, which ends its sessions and links at once, or open it again."""
    actor = access.current()
    with transaction():
        user = find(user_id)
        if user.id == actor.id:
            raise Conflict("own_account", N_("Nobody closes their own account. Ask another one."))
        if own_data.is_deleted(user):
            raise Conflict(
                "account_deleted",
                N_("This account was deleted by its owner. Add a new one instead."),
            )
        user.disabled_at = now() if act == "disable" else None
        accounts.close_all_sessions(user.id)
        accounts.end_links(user.id)
        audit.record(act, "user", user.public_id, actor=actor)
    flash(_("The account is closed.") if act == "disable" else _("The account is open."), "success")
    return redirect(url_for("people.home"))


@pages.route("/<user_id>/unmask", methods=["GET", "POST"])
@access.roles(Role.ADMIN)
def unmask(user_id: str) -> Any:
    """Ask for the reason, and show the full mobile of one account once."""
    form, shown = UnmaskForm(), False
    if form.validate_on_submit():
        actor = access.current()
        unmasking.count(actor)
        with transaction():
            user = find(user_id)
            unmasking.note("user", user.public_id, form.reason.data, actor)
        shown = True
    else:
        user = find(user_id)
    page = render_template("account/unmask.html", form=form, shown=shown, user=user)
    return page, 422 if form.errors else 200


def holders(role: Role, scope: Scope, scope_id: int) -> list[User]:
    """Return who holds a role in a scope."""
    return list(
        db.session.scalars(
            sa.select(User)
            .join(accounts.Grant)
            .where(
                accounts.Grant.role == role,
                accounts.Grant.scope == scope,
                accounts.Grant.scope_id == scope_id,
            )
            .order_by(User.login)
        )
    )


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(pages)
