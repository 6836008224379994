"""What holds for the tree as a whole: sizes, templates without inline code, no machine's traces."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Folders that are fetched or generated, never written by us.
GENERATED = {
    ".venv", ".git", "node_modules", "vendor", "var", "__pycache__", ".hypothesis", "htmlcov",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".local",
}  # fmt: skip
BINARY = {".mo", ".png", ".ico", ".jpg", ".db", ".xlsx", ".pdf", ".wasm"}
#: File → why it may be longer than the limit.
LONG: dict[str, str] = {}


@cache
def tree() -> tuple[Path, ...]:
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = sorted(set(below) - GENERATED)
        found += [Path(folder, name) for name in sorted(names) if not name.startswith(".cov")]
    return tuple(found)


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    for path in tree():
        if path.is_relative_to(ROOT / under) and (not suffixes or path.suffix in suffixes):
            yield path


def migration(path: Path) -> bool:
    return path.is_relative_to(ROOT / "core" / "migrations")


def lines_matching(pattern: str, paths: Iterator[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in paths
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_file_names_a_package_registry():
    # Written in pieces, so that this file does not name one.
    hosts = ("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", "npm" + r"mirror\.")
    assert lines_matching("|".join(hosts), files()) == []


def test_no_file_names_a_folder_of_one_machine():
    pattern = r"(?<![\w.}\)/-])/(home/\w|root/|Users/\w|tmp/\w)"
    assert lines_matching(pattern, files()) == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"<style|\sstyle\s*="),
        ("an inline script", r"<script(?![^>]*\ssrc=)"),
        ("an inline handler", r"<[^>]*\son[a-z]+\s*="),
        ("a javascript address", r"javascript:"),
        ("unescaped output", r"\|\s*safe\b|autoescape\s+false"),
        ("another host", r"(src|href)\s*=\s*[\"'](https?:)?//"),
    ],
)
def test_no_template_holds(what, pattern):
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files(".html", under="templates")
        for match in re.finditer(pattern, path.read_text("utf-8"), re.IGNORECASE)
    ]
    assert found == [], what


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        (
            "10: another host",
            r"""url\(\s*["']?(https?:)?//|@import|\b(fetch|import|open)\(\s*["'`](https?:)?//""",
        ),
        ("9: a download made in the browser", r"\bBlob\b|createObjectURL|data:text"),
        ("10: a captcha, a picture of a person or a foreign counter", r"(?i)captcha|avatar|gtag"),
    ],
)
def test_no_script_or_style_holds(what, pattern):
    ours = (path for path in files(".js", ".css", under="static"))
    assert lines_matching(pattern, ours) == [], what


def test_only_the_core_marks_text_as_safe_html():
    features = ("campaign", "checkin", "scoring")
    modules = (path for feature in features for path in files(".py", under=feature))
    assert lines_matching(r"\bMarkup\(", modules) == []


@pytest.mark.parametrize(("suffix", "limit"), [(".py", 300), (".html", 120), (".js", 300)])
def test_files_stay_short(suffix, limit):
    written = (path for path in files(suffix) if not migration(path))
    sizes = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in written}
    allowed = {name for name in LONG if name.endswith(suffix)}
    long = {name: size for name, size in sizes.items() if size > limit}
    assert long.keys() == allowed, long


def test_functions_stay_short():
    sizes = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in files(".py")
        if not migration(path)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_wsgi_is_a_docstring_and_five_statements():
    module = ast.parse((ROOT / "wsgi.py").read_text("utf-8"))
    assert ast.get_docstring(module)
    assert len(module.body) == 6


def test_statistics_are_a_library_without_flask():
    script = (
        "import sys, scoring.statistics; "
        "print([m for m in ('flask', 'sqlalchemy', 'pandas', 'core') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_locks_pin_every_package_with_hashes():
    for lock in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
        assert [entry for entry in entries if "==" not in entry or "sha256:" not in entry] == []
