"""Pages of an account: sign in by password or one-time link, sign out, password, language."""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import access, accounts, audit, first_sign_in, passwords, site, throttle
from core.access import Actor
from core.accounts import User
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import N_, Conflict, InvalidInput
from core.forms import FirstSignInForm, PasswordForm, SignInForm
from core.i18n import COOKIE, LANGUAGES
from core.paths import local_path

pages = Blueprint("account", __name__)
TOKEN = "token"


def load_account() -> Actor | None:
    """Return the account behind the session cookie; note once a minute that it is in use."""
    token = session.get(TOKEN)
    if not token:
        return None
    found = accounts.find_session(token)
    read_only_done()
    if found is None:
        return None
    actor, due = found
    if due:
        with transaction():
            accounts.touch_session(token)
    return actor


def enter(user_id: int, action: str) -> None:
    """Open a session inside the caller's transaction and put its token in the cookie."""
    token = accounts.open_session(user_id)
    audit.record(action, "user", str(user_id), actor=Actor("account", user_id))
    session.clear()  # a new CSRF token too: nothing of the anonymous visit lives on
    session[TOKEN] = token


def _onward() -> Response:
    target = local_path(request.values.get("next"))
    return redirect(target or url_for("account.home"))


@pages.get("/home")
@access.signed_in
def home() -> Response:
    """Lead an account to the page where its work begins."""
    endpoint = access.home_of(access.current())
    if endpoint is None:
        flash(_("Your account has no role yet. Ask the office to grant you one."), "warning")
    return redirect(url_for(endpoint or "account.password"))


@pages.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> Any:
    """Show the form and sign in by password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form)
    login = (form.login.data or "").strip()
    throttle.hit("sign-in", login.lower(), request.remote_addr or "", limit="8/15 minutes")
    user_id = accounts.authenticate(login, form.password.data or "")
    read_only_done()
    if user_id is None:
        with transaction():
            audit.record("sign_in", "user", "", actor=access.ANONYMOUS, result="refused")
        form.password.errors = [_("Account or password is wrong. Try again, or ask the office.")]
        return render_template("account/sign_in.html", form=form), 422
    throttle.reset("sign-in", login.lower(), request.remote_addr or "")
    with transaction():
        enter(user_id, "sign_in")
    return _onward()


@pages.route("/sign-in/<token>", methods=["GET", "POST"])
@access.link
def link(token: str) -> Any:
    """Greet the owner of a link; only a POST spends it, and an invited officer's sets it up."""
    user = first_sign_in.owner(token)
    if user is None:
        raise first_sign_in.refusal(token)
    if first_sign_in.asks(user):
        return _first_visit(token, user)
    if request.method != "POST":
        return render_template("account/link.html", name=user.name, token=token)
    fresh = not user.password_hash
    read_only_done()
    with transaction():
        enter(first_sign_in.spend(token), "sign_in_link")
    if fresh:
        flash(
            _("You have no password yet. Open your name at the top and set one to come back."),
            "warning",
        )
    return _onward()


def _first_visit(token: str, user: User) -> Any:
    """Ask an invited person for name, mobile and password, and let them in with the POST."""
    known = first_sign_in.known(user)
    form = FirstSignInForm(data=known)
    if form.validate_on_submit():
        try:
            _take_in(token, user, form)
        except Conflict as error:
            form.mobile.errors = [_(error.message)]
        except InvalidInput as error:
            form["mobile" if error.code == "mobile_has_account" else "password"].errors = [
                _(error.message)
            ]
        else:
            flash(
                _("Your account is set up. From now on sign in with mobile and password."),
                "success",
            )
            return _onward()
    page = render_template(
        "account/first_sign_in.html", form=form, known=known, privacy=site.privacy()
    )
    return page, 422 if form.errors else 200


def _take_in(token: str, user: User, form: FirstSignInForm) -> None:
    """Set the account up, or join it to the one whose mobile and password were typed."""
    wish = first_sign_in.Wish(form.name.data or "", form.mobile.data or "", form.email.data or "")
    typed, other = form.password.data or "", first_sign_in.other_with(wish.mobile, user)
    if other is not None:
        # Whoever tries numbers here learns no more, and no faster, than at the sign-in page.
        throttle.hit("first-sign-in", str(user.id), limit="8/15 minutes")
    if other is not None and other.password_hash:
        other_id = _proved(wish.mobile, typed)
        with transaction():
            enter(first_sign_in.join(token, other_id), "sign_in_join")
        return
    passwords.check(typed, wish.mobile)
    read_only_done()
    password_hash = accounts.hash_password(typed)
    with transaction():
        enter(first_sign_in.set_up(token, wish, password_hash), "first_sign_in")


def _proved(mobile: str, password: str) -> int:
    """Return the id of the account whose mobile and password these are."""
    address = request.remote_addr or ""
    throttle.hit("sign-in", mobile, address, limit="8/15 minutes")
    user_id = accounts.authenticate(mobile, password)
    read_only_done()
    if user_id is None:
        with transaction():
            audit.record("sign_in_join", "user", "", actor=access.ANONYMOUS, result="refused")
        raise InvalidInput(
            "mobile_has_account",
            N_(
                "This number has an account already. If it is yours, type that account's "
                "password in both fields, and this invitation is added to it."
            ),
        )
    throttle.reset("sign-in", mobile, address)
    return user_id


@pages.post("/sign-out")
@access.public
def sign_out() -> Response:
    """End the session of this browser."""
    token = session.get(TOKEN)
    session.clear()
    if token:
        with transaction():
            accounts.close_session(token)
    flash(_("You are signed out."), "success")
    return redirect(url_for("account.sign_in"))


@pages.route("/account/password", methods=["GET", "POST"])
@access.signed_in
def password() -> Any:
    """Set a new password; every other browser of the account is signed out."""
    form, actor = PasswordForm(), access.current()
    login = db.session.get(accounts.User, actor.id).login  # type: ignore[union-attr]
    read_only_done()
    typed = form.password.data or ""
    if form.validate_on_submit():
        try:
            passwords.check(typed, login)
        except InvalidInput as error:
            form.password.errors = [_(error.message)]
    if not form.is_submitted() or form.errors:
        page = render_template("account/password.html", form=form, login=login)
        return page, 422 if form.errors else 200
    new_hash = accounts.hash_password(typed)
    with transaction():
        accounts.set_password(actor.id, new_hash)
        enter(actor.id, "password")
    flash(_("Your password is set. Other devices are signed out."), "success")
    return _onward()


@pages.post("/language")
@access.public
def language() -> Response:
    """Remember the reader's language and go back to the page."""
    response = redirect(local_path(request.form.get("next")) or "/")
    wish = request.form.get("to", "")
    if wish in LANGUAGES:
        response.set_cookie(
            COOKIE,
            wish,
            max_age=365 * 86400,
            samesite="Lax",
            secure=settings().secure,
            httponly=True,
        )
    return response


def init_app(app: Flask) -> None:
    """Register the pages and teach the application to recognise an account."""
    app.register_blueprint(pages)
    access.register_actor(app, "account", load_account, access.refuse_account)
