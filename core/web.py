"""The edge of HTTP: error answers, request ids, headers on every response, readable input."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy.exc
from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from core import access, logs
from core.clock import now
from core.config import settings
from core.errors import N_, AppError, InvalidInput, TooMany, Unavailable
from core.i18n import both
from core.paths import page_address
from core.refusals import answer, problem
from core.text import LINES, readable

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
log = logging.getLogger("qm.web")

#: A form of ours is a few kilobytes; a view that takes a file says so with takes_upload().
MAX_BODY = 1024 * 1024
#: What the fields beside an uploaded file may take.
FIELDS = 64 * 1024
#: A browser shows our sentence only when its whole body was read, so we read on up to this size.
DRAIN = 64 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'{more}"
)
PLAIN = POLICY.format(script="", more="")
SCANNER = POLICY.format(script=" 'wasm-unsafe-eval'", more="; worker-src 'self'; media-src 'self'")
#: What was uploaded, and is sent on: nothing in it runs, whatever a browser takes it for.
FILES = "default-src 'none'; frame-ancestors 'none'; sandbox"
#: Static files that run WebAssembly: the decoder's worker has a policy of its own.
SCANNER_FILES = "js/door/"

#: Kinds of body that are read before the view runs.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UNREADABLE = N_("What was sent holds characters that cannot be stored. Go back and type it again.")

SENTENCES = {
    400: ("bad_request", N_("The request could not be understood. Go back and try again.")),
    401: ("sign_in_first", N_("Please sign in first, then try again.")),
    403: ("forbidden", N_("You may not open this page. Go back, or sign in with another account.")),
    404: (
        "not_found",
        N_("There is no such page. Check the address, or start from the home page."),
    ),
    405: (
        "wrong_method",
        N_("This address does not take that kind of request. Go back and use the page."),
    ),
    409: (
        "conflict",
        N_("Somebody was a moment faster. Go back, reload the page and try again."),
    ),
    413: (
        "too_large",
        N_("More than %(max)s MB was sent. Send less and try again; nothing was stored."),
    ),
    422: ("invalid", N_("Something in the form is not right. Go back and check the fields.")),
    429: ("too_many_attempts", N_("Too many attempts. Wait a few minutes and try again.")),
    500: ("internal", N_("Something went wrong on our side. Tell the organiser the number below.")),
    503: (
        "unavailable",
        N_("The service is busy or in maintenance. Try again in a minute; nothing was lost."),
    ),
}


def use_scanner_policy() -> None:
    """Let this page use the camera and WebAssembly; no other page may."""
    g.scanner_policy = True


def use_file_policy() -> None:
    """Let nothing of this answer run: it is a file that somebody uploaded."""
    g.file_policy = True


def takes_upload(size: int) -> Callable[[View], View]:
    """Declare that a view takes a file of up to ``size`` bytes; no other body may be that large."""

    def mark(view: View) -> View:
        view.__dict__["max_body"] = size + FIELDS
        return view

    return mark


def init_app(app: Flask) -> None:
    """Attach the edge to ``app``."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    # In this order: a refusal needs the request id, and 401 comes before a CSRF complaint.
    app.before_request(_begin)
    app.before_request(_refuse_unreadable)
    app.before_request(access.check)
    csrf.init_app(app)
    app.after_request(_finish)
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(sqlalchemy.exc.IntegrityError, _conflict)
    app.register_error_handler(sqlalchemy.exc.OperationalError, _database_down)
    app.register_error_handler(Exception, _crash)
    app.jinja_env.globals["page_address"] = page_address
    logs.init_app(app)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.started = time.perf_counter()
    # Before the body is read: for deadlines, arrival decides, however slow the upload is.
    g.arrived_at = now()
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "max_body", 0):
        request.max_content_length = most  # declared by the view, set before any form is parsed


def _refuse_unreadable() -> AnyResponse | None:
    """Refuse text no database takes, before anything is looked up by it."""
    if not readable(request.path):
        return answer(*SENTENCES[404], 404)
    # First the bytes as they came: asking for the values of undecodable ones is an error itself.
    if not readable(request.query_string.decode(errors="replace")) or not all(
        readable(text, allow="\t") for pair in request.args.items(multi=True) for text in pair
    ):
        return answer(*SENTENCES[400], 400)
    # Whoever may not upload is not even listened to, and nothing of it reaches a disk.
    if request.max_content_length != MAX_BODY and (refusal := access.check()):
        return refusal
    # Other bodies are read where they are wanted: a refusal must not wait for ten megabytes.
    if request.mimetype in FORMS and not all(
        readable(text, allow=LINES) for pair in request.form.items(multi=True) for text in pair
    ):
        return answer("text_unreadable", UNREADABLE, 422, show_typed=True)
    return None


def _finish(response: Response) -> Response:
    headers = response.headers
    static = request.endpoint in ("static", "bootstrap.static")
    file = (request.view_args or {}).get("filename", "") if static else ""
    scanner = g.get("scanner_policy", False) or file.startswith(SCANNER_FILES)
    policy = FILES if g.get("file_policy", False) else PLAIN
    headers["Content-Security-Policy"] = SCANNER if scanner else policy
    headers["Permissions-Policy"] = (
        f"camera=({'self' if scanner else ''}), geolocation=(), microphone=()"
    )
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-ID"] = g.get("request_id", "")
    if settings().secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if not static:
        headers["Cache-Control"] = "no-store"
    _log_request(response)
    return response


def _log_request(response: Response) -> None:
    actor = access.current()
    took = time.perf_counter() - g.get("started", time.perf_counter())
    log.info(
        "request",
        extra={
            "data": {
                "request_id": g.get("request_id", ""),
                "method": request.method,
                # The rule, never the path: paths carry tickets and one-time links.
                "rule": str(request.url_rule or "-"),
                "status": response.status_code,
                "ms": round(took * 1000, 1),
                "actor": f"{actor.kind}:{actor.id}",
            }
        },
    )


def _app_error(error: AppError) -> AnyResponse:
    unread = "form" not in request.__dict__
    if error.status in (401, 403) and unread:
        _drain()  # nobody has read it: the check of access comes first
    if request.path.startswith("/api/") and isinstance(error, InvalidInput):
        return problem(
            error.code, error.status, both(error.message, **error.params), errors=error.fields
        )
    # Whoever was signed out while typing must not lose it.
    response = answer(
        error.code,
        error.message,
        error.status,
        error.params,
        show_typed=error.status == 401 and not unread,
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = "10"
    return response


def _csrf_error(_error: CSRFError) -> AnyResponse:
    return answer(
        "page_expired",
        N_("This page was open too long. Go back, reload it and send it again."),
        400,
        show_typed=True,
    )


def http_error(error: HTTPException) -> AnyResponse:
    """Answer an HTTP error with our sentence for it; what was sent is read to its end first."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status == 413:
        _drain()
    code, message = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    most = (request.max_content_length or MAX_BODY) // MAX_BODY
    response = answer(code, message, status, {"max": most})
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _drain() -> None:
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, DRAIN)
    while left > 0 and (chunk := stream.read(min(left, 65536))):
        left -= len(chunk)


def _conflict(error: sqlalchemy.exc.IntegrityError) -> AnyResponse:
    log.warning("conflict", extra={"data": {"request_id": g.get("request_id")} | logs.trace(error)})
    return answer(*SENTENCES[409], 409)


def _database_down(error: sqlalchemy.exc.OperationalError) -> AnyResponse:
    g.database_down = True  # the page that says so must not ask it again
    log.error(
        "database",
        extra={"data": {"request_id": g.get("request_id"), "error": type(error.orig).__name__}},
    )
    response = answer(*SENTENCES[503], 503)
    response.headers["Retry-After"] = "10"
    return response


def _crash(error: Exception) -> AnyResponse:
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    log.error("crash", extra={"data": {"request_id": g.get("request_id", "")} | logs.trace(error)})
    return answer(*SENTENCES[500], 500)
