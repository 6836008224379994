"""Every marked message has its Chinese sentence, with the same placeholders."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from scoring.messages import MESSAGES

ROOT = Path(__file__).parents[2]
METHODS = [("**.html", "jinja2"), ("**.py", "python")]
SOURCES = ("core", "campaign", "checkin", "scoring", "templates")
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "_l": None, "lazy_gettext": None}
MARKERS = {"_", "N_", "_l", "ngettext", "gettext"}
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


#: The Chinese sentence brings the hint of the catalogue, which is in Chinese, instead of limits.
HINTED = MESSAGES["E33"].text


CODE = [path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_message_is_marked_inside_an_f_string(path):
    """Extraction reads an f-string as one text: what is marked inside it is never translated."""
    inside = [
        call.lineno
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in MARKERS
    ]
    assert inside == []


def test_translations_keep_the_placeholders(catalogue):
    wrong = []
    for entry in catalogue:
        if not entry.id or isinstance(entry.id, tuple):
            continue
        if entry.id == HINTED:
            assert set(PLACEHOLDER.findall(entry.string)) == {"{v}", "{u}", "{hint}"}
            continue
        if set(PLACEHOLDER.findall(entry.id)) != set(PLACEHOLDER.findall(entry.string)):
            wrong.append((entry.id, entry.string))
    assert wrong == []


def test_17_nothing_is_called_by_a_word_that_is_not_of_the_field(catalogue):
    """A laboratory is 参加单位, a person 参加人员; a tour is 观摩; 参赛选手 compete elsewhere."""
    wrong = re.compile("参赛选手|参加者|参观")
    forms = [str(entry.string) for entry in catalogue]
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "core/typst").glob("*.typ"))]
    assert [text for text in forms + texts if wrong.search(text)] == []
