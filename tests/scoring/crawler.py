"""Visits whatever a visitor can reach by links and by the POST forms that export."""

import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import Context
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.clients import Client, forms

#: Forms that export; others change something, or leave.
EXPORTS = re.compile(r"/results\.(xlsx|csv)(?=\"|$)")
ADDRESS = re.compile(r'\s(?:href|src|srcset|data|poster)="([^"]*)"')


def crawl(
    client: Client, start: str, wanted: Callable[[str], bool] = lambda path: True
) -> dict[str, str]:
    """Return the text of everything within reach of ``start``, by address.

    A query is followed on one page of its kind: sorting one table shows what sorting another does.
    Pages are not checked here, only read; the tests of the pages check them.
    """
    queue, seen, texts = deque([start]), {start}, {}
    while queue:
        address = queue.popleft()
        response = _get(client, address)
        texts[address] = text_of(response)
        if response.mimetype != "text/html":
            continue
        for form in forms(response.text) if EXPORTS.search(response.text) else ():
            if EXPORTS.search(form.action) and form.action not in texts:
                texts[form.action] = text_of(_post(client, form.action, form.values))
        for link in _links(client, address, response.text):
            if _key(link) not in seen and wanted(urlsplit(link).path):
                seen.add(_key(link))
                queue.append(link)
    return texts


def _key(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path.rsplit('/', 1)[0]}?{parts.query}" if parts.query else link


def _links(client: Client, address: str, html: str) -> Iterator[str]:
    for found in dict.fromkeys(ADDRESS.findall(html)):
        link = urljoin(f"http://localhost{address}", unescape(found)).partition("#")[0]
        if urlsplit(link).netloc == "localhost":
            yield link.removeprefix("http://localhost")


def _get(client: Client, address: str) -> TestResponse:
    return Context().run(FlaskClient.open, client, address, follow_redirects=True, buffered=True)


def _post(client: Client, address: str, values: dict[str, str]) -> TestResponse:
    return Context().run(
        FlaskClient.open, client, address, method="POST", data=values, buffered=True
    )


def text_of(response: TestResponse) -> str:
    """Return whatever an answer says: headers, and the body with every part of a workbook."""
    body: Any = response.data
    said = [f"{name}: {value}" for name, value in response.headers]
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            said += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    else:
        said.append(body.decode("utf-8", "replace"))
    return unescape("\n".join(said))


def hits(texts: dict[str, str], secrets: dict[str, str]) -> list[str]:
    """Return which secret stands where; ``secrets`` are what each is, by its words."""
    # Pages share most of their pieces; a secret holds no angle bracket, so it lies within one.
    pieces: dict[str, str] = {}
    for address, text in texts.items():
        for piece in re.split(r"[<>\n]", text):
            pieces.setdefault(piece, address)
    whole = "\n".join(pieces).casefold()
    found = [secret for secret in secrets if secret.casefold() in whole]
    return sorted(
        f"{secrets[secret]} {secret!r} at {address}"
        for secret in found
        for piece, address in pieces.items()
        if secret.casefold() in piece.casefold()
    )
