"""What holds for every answer of the product, and above all for every page.

:func:`check` runs on each answer the test client receives; :func:`problems` returns what is
wrong, one sentence each with an excerpt. The rules are written down here a second time on
purpose: they do not follow the product when it changes.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as MESSAGES
from werkzeug.test import TestResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
SCANNER_POLICY = (
    POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    + "; worker-src 'self'; media-src 'self'"
)
#: Files that people uploaded; nothing else is sent under this policy.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
FILE_PATHS = re.compile(r"/(body|office/month)/.*(files|files\.zip|thumbnail)\b")
#: Only these may use the camera and WebAssembly.
SCANNER_PAGES = ("/door/",)
SCANNER_FILES = "/static/js/door/"
STATIC = ("/static/", "/bootstrap/static/")
#: Places where the product stands; everything else is a stranger's.
OUR_HOSTS = ("localhost",)
#: Words that only a template gone wrong puts before people.
LEFTOVERS = re.compile(
    r"\bNone\b|\bundefined\b|\bUndefined\b|\{\{|\}\}|\{%|%\(\w+\)|<\w+ object at "
)
#: Elements with an address from which the browser loads by itself, or to which it sends.
LOADING = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "iframe": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "form": ("action",),
    "button": ("formaction",),
    "input": ("src", "formaction"),
    "base": ("href",),
}
UNLABELLED = ("hidden", "submit", "button", "image", "reset")


class PageError(AssertionError):
    """An answer breaks a rule that holds for all."""


def check(response: TestResponse) -> None:
    """Raise :class:`PageError` with everything that is wrong with ``response``."""
    path = response.request.path
    found = list(header_problems(path, dict(response.headers)))
    if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        found += problems(response.text)
    if found:
        where = f"{response.request.method} {path} → {response.status}"
        raise PageError("\n  ".join([where, *found]))


def header_problems(path: str, headers: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with the headers of the answer to ``path``."""
    static = path.startswith(STATIC)
    scanner = path in SCANNER_PAGES or path.startswith(SCANNER_FILES)
    policy = headers.get("Content-Security-Policy")
    # A refusal in place of the scanner has the plain policy, and nobody else has the wide one.
    file = FILE_PATHS.match(path) and policy == FILE_POLICY
    if policy != POLICY and not (scanner and policy == SCANNER_POLICY) and not file:
        yield f"Content-Security-Policy is {policy!r}"
    camera = "camera=(self)" if policy == SCANNER_POLICY else "camera=()"
    if camera not in headers.get("Permissions-Policy", ""):
        yield f"Permissions-Policy lacks {camera}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is not nosniff"
    if not headers.get("X-Request-ID"):
        yield "X-Request-ID is missing"
    if not static and "no-store" not in headers.get("Cache-Control", ""):
        yield f"Cache-Control is {headers.get('Cache-Control')!r}, not no-store"


def problems(html: str) -> list[str]:
    """Return what is wrong with a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    lines = html.splitlines()
    found = []
    for (line, _column), code, values in parser.errors:
        text = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
        found.append(f"HTML: {MESSAGES.get(code, code) % values} (line {line}: {text})")
    for rule in RULES:
        found += rule(root)
    return found


def one_heading(root: Element) -> Iterator[str]:
    """Ask for exactly one h1, with words in it."""
    headings = list(root.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements: {[words(h) for h in headings]}"
    elif not words(headings[0]):
        yield "the h1 is empty"


def a_title(root: Element) -> Iterator[str]:
    """Ask for a title with words in it."""
    title = root.find("head/title")
    if title is None or not words(title):
        yield "no title, or an empty one"


def a_language(root: Element) -> Iterator[str]:
    """Ask for one of our two languages on the root, and on whatever says another."""
    if root.get("lang") not in ("zh-CN", "en"):
        yield f"html lang={root.get('lang')!r}"
    for element in root.iter():
        if "lang" in element.attrib and element.get("lang") not in ("zh-CN", "en"):
            yield f"unknown language: {excerpt(element)}"


def labels(root: Element) -> Iterator[str]:
    """Ask for a label, with words, at every field."""
    labelled = {e.get("for") for e in root.iter("label") if words(e)}
    wrapped = {id(inner) for e in root.iter("label") if words(e) for inner in e.iter()}
    for element in root.iter():
        if element.tag not in ("input", "select", "textarea"):
            continue
        if element.get("type") in UNLABELLED or id(element) in wrapped:
            continue
        if (element.get("aria-label") or "").strip() or element.get("aria-labelledby"):
            continue
        if not element.get("id") or element.get("id") not in labelled:
            yield f"no label: {excerpt(element)}"


def names(root: Element) -> Iterator[str]:
    """Ask for words on everything that is pressed."""
    for element in root.iter():
        if element.tag not in ("button", "a") or (element.tag == "a" and not element.get("href")):
            continue
        said = element.get("aria-label") or element.get("aria-labelledby") or words(element)
        if not said and not any(image.get("alt") for image in element.iter("img")):
            yield f"no words to press: {excerpt(element)}"


def identifiers(root: Element) -> Iterator[str]:
    """Ask for unique ids, and for targets that exist."""
    ids = Counter(e.get("id") for e in root.iter() if "id" in e.attrib)
    yield from (f"id {name!r} occurs {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list"):
            for target in (element.get(attribute) or "").split():
                if target not in ids:
                    yield f"{attribute} points to nothing: {excerpt(element)}"
        place = element.get("href") or ""
        if element.tag == "a" and place.startswith("#") and place[1:] not in ids:
            yield f"a link to nothing: {excerpt(element)}"


def no_inline_code(root: Element) -> Iterator[str]:
    """Refuse whatever the policy would refuse: the browser is not the first to notice."""
    for element in root.iter():
        if element.tag == "style" or (element.tag == "script" and not _data(element)):
            yield f"inline code: {excerpt(element)}"
        for attribute, value in element.attrib.items():
            if str(attribute) == "style" or str(attribute).lower().startswith("on"):
                yield f"inline {attribute}: {excerpt(element)}"
            if value.strip().lower().startswith("javascript:"):
                yield f"a script as address: {excerpt(element)}"


def _data(script: Element) -> bool:
    """Say whether a script element runs a file of ours or holds data that never runs."""
    return bool(script.get("src")) or script.get("type") == "application/json"


def no_stranger(root: Element) -> Iterator[str]:
    """Refuse a part loaded from, or a form sent to, another host."""
    for element in root.iter():
        for attribute in LOADING.get(str(element.tag), ()):
            host = urlsplit((element.get(attribute) or "").strip()).hostname
            if host and host not in OUR_HOSTS:
                yield f"another host: {excerpt(element)}"


def no_leftovers(root: Element) -> Iterator[str]:
    """Refuse the marks of a template that met no value."""
    for element in root.iter():
        if element.tag in ("script", "style"):
            continue
        shown = [element.text, *(child.tail for child in element)]
        shown += [value for name, value in element.attrib.items() if name in SHOWN]
        for text in shown:
            if text and (found := LEFTOVERS.search(text)):
                yield f"{found[0]!r} is shown: {' '.join(text.split())[:120]}"


SHOWN = ("alt", "title", "placeholder", "aria-label", "value", "href", "src", "content")


def images(root: Element) -> Iterator[str]:
    """Ask for an alt on every image; an empty one says that it carries no meaning."""
    for element in root.iter("img"):
        if "alt" not in element.attrib:
            yield f"no alt: {excerpt(element)}"


RULES: tuple[Callable[[Element], Iterator[str]], ...] = (
    one_heading,
    a_title,
    a_language,
    labels,
    names,
    identifiers,
    no_inline_code,
    no_stranger,
    no_leftovers,
    images,
)


def words(element: Element) -> str:
    """Return the text inside an element."""
    return " ".join("".join(element.itertext()).split())


def excerpt(element: Element) -> str:
    """Return the start of an element as one would search for it."""
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{element.tag}{attributes}>{words(element)[:60]}"[:200]
