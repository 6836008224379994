"""Refusals: unreadable input is told from the rest, and every refusal leads on."""

import re

import pytest


@pytest.mark.parametrize("path", ["/o/a%00b", "/T/%ff", "/static/%01", "/nowhere/%7f"])
def test_an_address_no_database_takes_is_an_unknown_one(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "a%01=x", "q=%0d%0a", "q=\xff"])
def test_a_query_no_database_takes_is_refused(client, query):
    answer = client.get("/", environ_overrides={"QUERY_STRING": query})
    assert answer.status_code == 400
    assert 'name="next" value="/' in answer.text
    assert client.get("/?q=%09%E5%BC%A0").status_code == 200


def test_what_cannot_be_stored_is_shown_back_to_be_typed_again(client):
    data = {"name": "张\0示例", "wear": "a\r\nb", "password": "secret", "\0": "x"}
    answer = client.post("/sign-in", data=data, headers={"Origin": "http://localhost"})
    assert (answer.status_code, "text_unreadable" in answer.text) == (422, True)
    assert "<dd>张示例</dd>" in answer.text
    assert "secret" not in answer.text
    assert "<dd>" not in client.post("/sign-in", data=data).text


@pytest.mark.parametrize(
    ("method", "path", "target"),
    [
        ("POST", "/account/password", "/sign-in?next=/account/password"),
        ("GET", "/door/verdict/none", "/door/"),
        ("GET", "/office/nowhere", "/home"),
        ("GET", "/people/nowhere", "/home"),
        ("GET", "/judge/nowhere/at/all", "/home"),
        ("GET", "/nowhere", "/"),
    ],
)
def test_a_refusal_leads_on_to_where_one_was(client, gate, method, path, target):
    browser = gate.client if path.startswith("/door/") else client
    page = browser.open(path, method=method)
    assert page.status_code in (401, 404)
    assert f'btn-big" href="{target}"' in page.text
    assert ('class="face-door' in page.text) is path.startswith("/door/")


def test_a_page_open_too_long_gives_back_what_was_typed_but_not_to_strangers(client):
    data = {"name": "张<示例", "password": "secret", "pin": "123456", "csrf_token": "stale"}
    own = {"Referer": "http://localhost/sign-in?next=/office/"}
    page = client.post("/sign-in", data=data, headers=own, csrf=False).text
    assert "<dd>张&lt;示例</dd>" in page
    assert 'btn-big" href="/sign-in?next=/office/"' in page
    assert not {"secret", "123456", "stale"} & set(re.findall(r"\w+", page))
    for origin in ({"Origin": "http://a.example"}, {"Referer": "http://[bad"}, {}):
        assert "张" not in client.post("/sign-in", data=data, headers=origin, csrf=False).text
