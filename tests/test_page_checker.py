"""The page checker goes red for each rule, and stays silent on a good page."""

import pytest

from core import access
from tests import page_checker
from tests.page_checker import POLICY, SCANNER_POLICY, header_problems, problems

GOOD = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>报名</title>
<link rel="stylesheet" href="/static/css/base.css"><script src="/static/js/a.js" defer></script>
</head>
<body>
<a href="#main">跳到正文</a>
<main id="main"><h1>报名</h1>
<form method="post" action="/here">
<input type="hidden" name="csrf_token" value="x">
<label for="name">姓名</label><input id="name" name="name" aria-describedby="hint">
<p id="hint">请填写真实姓名</p>
<label>单位 <input name="unit"></label>
<select aria-label="地市" name="place"><option>示例市</option></select>
<button type="submit">提交</button>
</form>
<p><img src="/my/x/qr.png" alt="二维码">
<a href="https://map.example.org/" rel="noopener">地图</a></p>
</main>
</body>
</html>
"""

PLANTED = {
    "html parse error": ("</main>", "</div></main>", "HTML:"),
    "no doctype": ("<!doctype html>", "", "HTML:"),
    "no h1": ("<h1>报名</h1>", "", "0 h1"),
    "two h1": ("<h1>报名</h1>", "<h1>报名</h1><h1>又一个</h1>", "2 h1"),
    "empty h1": ("<h1>报名</h1>", "<h1> </h1>", "h1 is empty"),
    "no title": ("<title>报名</title>", "", "title"),
    "empty title": ("<title>报名</title>", "<title> </title>", "title"),
    "no language": (' lang="zh-CN"', "", "html lang"),
    "another language": ('<p id="hint">', '<p id="hint" lang="fr">', "unknown language"),
    "no label": ('<label for="name">姓名</label>', "", "no label"),
    "an empty label": ('<label for="name">姓名</label>', '<label for="name"></label>', "no label"),
    "a select without label": ('aria-label="地市" ', "", "no label"),
    "a textarea without label": ("<button", "<textarea name=x></textarea><button", "no label"),
    "a button without words": ("提交</button>", "</button>", "no words"),
    "a link without words": (">地图</a>", "></a>", "no words"),
    "an id twice": ('<p id="hint">', '<p id="name">x</p><p id="hint">', "occurs 2 times"),
    "a description that is missing": ('<p id="hint">', "<p>", "points to nothing"),
    "a label for nothing": ('for="name"', 'for="nobody"', "points to nothing"),
    "a skip link to nothing": ('id="main"', "", "link to nothing"),
    "an inline script": ("</body>", "<script>alert(1)</script></body>", "inline code"),
    "an inline style": ("</head>", "<style>p {color: red}</style></head>", "inline code"),
    "a style attribute": ('<p id="hint"', '<p style="color: red" id="hint"', "inline style"),
    "a handler": ("<button", '<button onclick="go()"', "inline onclick"),
    "a script as address": ('href="#main"', 'href="javascript:go()"', "script as address"),
    "a script of a stranger": ('src="/static', 'src="https://cdn.example.org', "another host"),
    "a style of a stranger": ('href="/static', 'href="//cdn.example.org', "another host"),
    "a picture of a stranger": ('src="/my', 'src="http://img.example.org', "another host"),
    "a form to a stranger": ('action="/here"', 'action="https://example.org/"', "another host"),
    "None in the text": ("请填写真实姓名", "时间：None", "'None'"),
    "None in a value": ('value="x"', 'value="None"', "'None'"),
    "undefined": ("请填写真实姓名", "undefined", "'undefined'"),
    "template marks": ("请填写真实姓名", "{{ name }}", "'{{'"),
    "a parameter not filled in": ("请填写真实姓名", "%(count)s 人", "%(count)"),
    "a picture without alt": (' alt="二维码"', "", "no alt"),
}


def test_a_good_page_is_good():
    assert problems(GOOD) == []


@pytest.mark.parametrize(("old", "new", "said"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found_with_its_excerpt(old, new, said):
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert any(said in problem for problem in found), found


HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Content-Type-Options": "nosniff",
    "X-Request-ID": "0123",
    "Cache-Control": "no-store",
}
SCANNER = HEADERS | {
    "Content-Security-Policy": SCANNER_POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


@pytest.mark.parametrize("name", HEADERS)
def test_every_header_is_asked_for(name):
    assert list(header_problems("/", HEADERS)) == []
    others = {key: value for key, value in HEADERS.items() if key != name}
    assert any(name in problem for problem in header_problems("/", others))


def test_a_wider_policy_is_refused():
    for wider in ("'unsafe-inline'", "https:", "data:"):
        policy = POLICY.replace("script-src 'self'", f"script-src 'self' {wider}")
        assert list(header_problems("/", HEADERS | {"Content-Security-Policy": policy}))


def test_only_the_scanner_may_use_the_camera():
    assert list(header_problems("/door/", SCANNER)) == []
    assert list(header_problems("/static/js/door/decoder-worker.js", SCANNER)) == []
    assert list(header_problems("/", SCANNER))
    assert list(header_problems("/door/walk-in", SCANNER))


def test_static_files_may_be_kept():
    kept = HEADERS | {"Cache-Control": "no-cache"}
    assert list(header_problems("/static/css/base.css", kept)) == []
    assert list(header_problems("/", kept))


@access.public
def bad_page():
    return "<!doctype html><html lang=en><title>Bad</title><p>No heading"


def test_the_client_fails_on_a_bad_page(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "site.healthz", bad_page)
    with pytest.raises(page_checker.PageError, match=r"GET /healthz → 200 OK\n.*0 h1"):
        client.get("/healthz")
