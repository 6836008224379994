"""What is read when a request is refused: a page with a way on, or a problem document."""

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.i18n import both
from core.paths import page_address, sent_from_here
from core.text import without_unreadable

#: Fields that are secret, or that nobody typed.
NOT_SHOWN = {"csrf_token", "password", "again", "pin", "next", "to"}
DOOR = "/door/"
STAFF = ("/office/", "/people/", "/lab/", "/judge/")


def answer(
    code: str,
    message: str,
    status: int,
    params: Mapping[str, object] | None = None,
    *,
    show_typed: bool = False,
    onward: tuple[str, str] | None = None,
) -> Response:
    """Return a refusal as a page, or as problem+json where software asks.

    ``show_typed`` repeats what was typed where the form itself cannot be shown again. ``onward``
    is the address and the label of the button that leads on, where the usual one is too far back.
    """
    sentences = both(message, **params or {})
    if request.path.startswith("/api/"):
        return problem(code, status, sentences)
    url, label = onward or _way_on(code, status)
    page = render_template(
        "errors/error.html",
        code=code,
        status=status,
        sentence_zh=sentences["zh"],
        sentence_en=sentences["en"],
        request_id=g.get("request_id", ""),
        action_url=url,
        action_label=label,
        face="door" if request.path.startswith(DOOR) else "attendee",
        typed=_typed() if show_typed else [],
    )
    return current_app.make_response((page, status))


def problem(code: str, status: int, sentences: dict[str, str], **more: Any) -> Response:
    """Return an RFC 9457 problem document with both sentences."""
    body = {
        "type": f"urn:quality-month:problem:{code}",
        "title": sentences["en"],
        "status": status,
        "code": code,
        "message": sentences,
        "request_id": g.get("request_id", ""),
        **more,
    }
    # A lone surrogate in the name of an unknown field becomes its JSON escape.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    response = current_app.make_response((text, status))
    response.content_type = "application/problem+json"
    return response


def _way_on(code: str, status: int) -> tuple[str, str]:
    """Return address and label of the button that leads on from a refusal."""
    if code == "sign_in_first":
        return url_for("account.sign_in", next=page_address()), _("Sign in")
    if code == "link_used":
        return url_for("account.sign_in"), _("Sign in")
    if code in ("page_expired", "text_unreadable", "too_large"):
        return page_address(), _("Open the page again")
    # A phone that is not paired would meet the same refusal there.
    if request.path.startswith(DOOR) and status != 401:
        return DOOR, _("Back to scanning")
    if request.path.startswith(STAFF):
        return url_for("account.home"), _("Go back to your work")
    return "/", _("Go to the home page")


def _typed() -> list[tuple[str, str]]:
    """Return what was typed, to be copied; nothing for a page of a stranger that posted here."""
    if not sent_from_here():
        return []
    return [
        # Labels are the capitalised names of most fields, so the catalogue knows them.
        (_(name.replace("_", " ").capitalize()), without_unreadable(value))
        for name, value in request.form.items(multi=True)
        if name.replace(".", "_").isidentifier() and name not in NOT_SHOWN and value.strip()
    ]
