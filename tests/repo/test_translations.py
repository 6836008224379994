"""Every marked message has its Chinese sentence, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
METHODS = [("**.html", "jinja2"), ("**.py", "python")]
SOURCES = ("core", "campaign", "checkin", "scoring", "templates")
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def marked() -> set[str]:
    found = set()
    for folder in SOURCES:
        for _file, _line, message, *_rest in extract_from_dir(
            ROOT / folder, METHODS, keywords=KEYWORDS
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    path = ROOT / "core/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
    with path.open("rb") as handle:
        return read_po(handle, locale="zh_Hans_CN", abort_invalid=True)


def whole(message: Message | None) -> bool:
    """Say whether ``message`` has every form of its translation and nobody doubts it."""
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def test_every_marked_message_is_translated(marked, catalogue):
    assert sorted(text for text in marked if not whole(catalogue.get(text))) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(marked, catalogue):
    said = {entry.id[0] if isinstance(entry.id, tuple) else entry.id for entry in catalogue}
    assert sorted(said - marked - {""}) == []


def test_translations_keep_the_placeholders(catalogue):
    wrong = []
    for entry in catalogue:
        if not entry.id or isinstance(entry.id, tuple):
            continue
        if set(PLACEHOLDER.findall(entry.id)) != set(PLACEHOLDER.findall(entry.string)):
            wrong.append((entry.id, entry.string))
    assert wrong == []
