"""Addresses of this site to come back to: never another host, never one that takes POST only."""

from urllib.parse import unquote, urlsplit

from flask import current_app, request

from core.text import readable


def local_path(target: str | None) -> str | None:
    """Return ``target`` if it is a path of this site, else None: no open redirect."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    local = not parts.netloc and not parts.scheme and "\\" not in target
    return target if local and readable(target) else None


def page_address() -> str:
    """Return the address that shows the present page by GET, or the nearest one that does."""
    if request.method in ("GET", "HEAD"):
        query = request.query_string.decode(errors="replace")
        return local_path(f"{request.path}?{query}".removesuffix("?")) or "/"
    own = request.path if _answers_get(request.path) else None
    return _page_before() or local_path(own) or "/"


def sent_from_here() -> bool:
    """Say whether the browser declares that a page of this site sent the request."""
    return _host_of(request.headers.get("Origin") or request.referrer or "") == request.host


def _page_before() -> str | None:
    before = request.referrer or ""
    if _host_of(before) != request.host:
        return None
    parts = urlsplit(before)
    if not _answers_get(unquote(parts.path)):
        return None
    return local_path(parts._replace(scheme="", netloc="", fragment="").geturl())


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _answers_get(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, "GET")
