"""Who may call an endpoint: every one declares it, and what is not declared is refused.

A view is decorated with exactly one of :func:`public`, :func:`link`, :func:`signed_in`,
:func:`roles` or :func:`actor`. The factory refuses to start while an endpoint is undeclared, and
a test executes the whole table role by endpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import N_, Forbidden, Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What an account may be; each is held in a scope."""

    ADMIN = "admin"
    OFFICE = "office"
    ORGANISER = "organiser"
    LAB = "lab"
    JUDGE = "judge"
    LIAISON = "liaison"


class Scope(StrEnum):
    """What a grant speaks of."""

    SYSTEM = "system"
    OCCASION = "occasion"
    ROUND = "round"
    BODY = "body"


@dataclass(frozen=True)
class Held:
    """One grant of an actor: a role in a scope (``scope_id`` 0 for the whole system)."""

    role: Role
    scope: Scope
    scope_id: int
    #: Whom the actor speaks for inside the scope, e.g. a laboratory in a round; 0 for themselves.
    party_id: int = 0


@dataclass(frozen=True)
class Actor:
    """Whoever sends this request; frozen, so it outlives the read that found it."""

    kind: str = "anonymous"
    id: int = 0
    name: str = ""
    grants: frozenset[Held] = field(default_factory=frozenset)
    #: What the feature that knows this kind of actor needs, e.g. the gate of a door device.
    detail: Any = None

    def has(self, *wanted: Role) -> bool:
        """Say whether the actor holds one of the roles in any scope."""
        return any(held.role in wanted for held in self.grants)

    def may(self, role: Role, scope: Scope, scope_id: int) -> bool:
        """Say whether the actor holds ``role`` in exactly this scope."""
        wanted = (role, scope, scope_id)
        return any((held.role, held.scope, held.scope_id) == wanted for held in self.grants)


ANONYMOUS = Actor()


@dataclass(frozen=True)
class Rule:
    """The declared answer to "who may call this": a kind of actor, and roles for accounts."""

    kind: str
    roles: tuple[Role, ...] = ()


def _declare(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__dict__["access_rule"] = rule
        return view

    return mark


#: Anybody, with or without an account.
public = _declare(Rule("public"))
#: Whoever holds the secret in the address; the view looks it up and answers 404 otherwise.
link = _declare(Rule("link"))
#: Any account that is signed in.
signed_in = _declare(Rule("account"))


def roles(*wanted: Role) -> Callable[[View], View]:
    """Declare that an account with one of these roles may call, in whatever scope it holds it."""
    return _declare(Rule("account", wanted))


def actor(kind: str) -> Callable[[View], View]:
    """Declare that an actor of a registered kind may call, e.g. a paired door device."""
    return _declare(Rule(kind))


def register_actor(
    app: Flask, kind: str, load: Callable[[], Actor | None], refusal: Callable[[], Exception]
) -> None:
    """Teach the application to recognise a kind of actor (``load`` reads the request)."""
    app.extensions.setdefault("qm-actors", {})[kind] = (load, refusal)


def register_home(app: Flask, role: Role, endpoint: str) -> None:
    """Name the page where the work of a role begins; the first registered role counts first."""
    app.extensions.setdefault("qm-homes", {})[role] = endpoint


def home_of(actor: Actor) -> str | None:
    """Return the endpoint where the work of an account begins, or None while it has no role."""
    homes: dict[Role, str] = current_app.extensions["qm-homes"]
    return next((endpoint for role, endpoint in homes.items() if actor.has(role)), None)


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return the declared rule of an endpoint, also of class-based views."""
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    rule: Rule | None = getattr(view, "access_rule", None) or getattr(
        view_class, "access_rule", None
    )
    return rule


def undeclared(app: Flask) -> list[str]:
    """Return the endpoints that do not say who may call them."""
    return sorted(name for name in app.view_functions if rule_of(app, name) is None)


def current(kind: str | None = None) -> Actor:
    """Return the actor of this request; with ``kind``, look for one although none is required."""
    if kind is None:
        return g.get("actor", ANONYMOUS)  # type: ignore[no-any-return]
    found = g.setdefault("actors", {})
    if kind not in found:
        load, _refusal = current_app.extensions["qm-actors"][kind]
        found[kind] = load() or ANONYMOUS
    actor: Actor = found[kind]
    return actor


def check() -> Response | None:
    """Resolve the actor before the view runs; redirect people to the sign-in page."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        raise Forbidden("undeclared", N_("This page is not open to anyone."))
    if rule.kind in ("public", "link"):
        return None
    g.actor = current(rule.kind)
    if g.actor is ANONYMOUS:
        if rule.kind == "account" and request.method in ("GET", "HEAD"):
            return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
        raise current_app.extensions["qm-actors"][rule.kind][1]()
    if rule.roles and not g.actor.has(*rule.roles):
        raise Forbidden(
            "not_your_role",
            N_("Your account may not open this page. Ask the office to grant you the role."),
        )
    return None


def refuse_account() -> Exception:
    """Return the refusal for a request that needs an account."""
    return Unauthenticated("sign_in_first", N_("Please sign in first, then try again."))
