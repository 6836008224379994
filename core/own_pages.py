"""Pages of one's own data: see it, take it along, correct it, delete the account."""

import json
from typing import Any

from flask import Flask, Response, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import access, accounts, own_data, throttle
from core.accounts import User
from core.db import db, read_only_done, transaction
from core.errors import AppError, Conflict, InvalidInput
from core.forms import ROLES, DeleteAccountForm, OwnDataForm
from core.sending import File, send_made
from core.signin import pages

#: As at the sign-in page: a session that was left open must not try passwords.
TRIES = "8/15 minutes"


def _me() -> User:
    return db.session.get_one(User, access.current().id)


def _shown(form: OwnDataForm, deleting: DeleteAccountForm) -> Any:
    user = _me()
    page = render_template(
        "account/data.html",
        user=user,
        roles=ROLES,
        grants=own_data.grants(user),
        acts=own_data.acts(user),
        sections=own_data.sections(user),
        form=form,
        deleting=deleting,
    )
    return page, 422 if form.errors or deleting.errors else 200


@pages.get("/account/data")
@access.signed_in
def data() -> Any:
    """Show everything the product holds about the signed-in person."""
    user = _me()
    return _shown(
        OwnDataForm(formdata=None, data=own_data.correctable(user)),
        DeleteAccountForm(formdata=None),
    )


@pages.get("/account/data.json")
@access.signed_in
def data_copy() -> Response:
    """Return the same as a file a machine can read."""
    text = json.dumps(own_data.copy(_me()), ensure_ascii=False, indent=2, sort_keys=True)
    return send_made(File(text.encode(), "application/json", "my-data.json"))


@pages.post("/account/data")
@access.signed_in
def data_change() -> Any:
    """Correct name, login and e-mail; a new login asks for the password."""
    form, actor = OwnDataForm(), access.current()
    before = _me().login
    read_only_done()
    if form.validate_on_submit() and _proved(form, before):
        try:
            with transaction():
                own_data.change(
                    _me(),
                    name=form.name.data or "",
                    login=form.login.data or "",
                    email=form.email.data or "",
                )
        except Conflict as error:
            form.login.errors = [_(error.message)]
        else:
            throttle.reset("own-login", str(actor.id))
            flash(_("Your data is corrected."), "success")
            return redirect(url_for("account.data"))
    return _shown(form, DeleteAccountForm(formdata=None))


def _proved(form: OwnDataForm, before: str) -> bool:
    """Say whether a changed login comes with the account's password."""
    if form.login.data == before:
        return True
    actor = access.current()
    throttle.hit("own-login", str(actor.id), limit=TRIES)
    known = accounts.authenticate(before, form.password.data or "")
    read_only_done()
    if known == actor.id:
        return True
    form.password.errors = [
        _("Type the password of this account. If it has none yet, set one first.")
    ]
    return False


@pages.post("/account/data/delete")
@access.signed_in
def data_delete() -> Any:
    """Delete the account once its name was typed, and leave."""
    form = DeleteAccountForm()
    if form.validate_on_submit():
        try:
            with transaction():
                own_data.delete(_me(), form.typed.data or "")
        except (InvalidInput, Conflict) as error:
            form.typed.errors = [_said(error)]
        else:
            session.clear()
            flash(_("Your account is deleted. Thank you for your work."), "success")
            return _gone()
    read_only_done()
    return _shown(OwnDataForm(formdata=None, data=own_data.correctable(_me())), form)


def _said(error: AppError) -> str:
    text: str = _(error.message, **error.params)
    return text


def _gone() -> AnyResponse:
    return redirect(url_for("account.sign_in"))


def init_app(_app: Flask) -> None:
    """Show, by being imported, the pages on the blueprint of the account."""
