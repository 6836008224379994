"""Where messages go: what the settings may say, and that no refusal repeats a password."""

import traceback

import pytest

from core import endpoints
from core.config import Settings, SettingsError
from core.endpoints import MailServer

MAIL = {"QM_SMTP_URL": "smtps://zly:geheim@mail.example.cn", "QM_MAIL_FROM": "zly@example.cn"}
HOOK = {"QM_WEBHOOK_URL": "https://gate.example.cn/hook", "QM_WEBHOOK_SECRET": "s" * 32}
PRODUCTION = {
    "QM_ENV": "production",
    "QM_SECRET_KEY": "x" * 32,
    "QM_PUBLIC_URL": "https://zly.example.gov.cn",
}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://h", ("h", 587, "", "", "")),
        ("smtp://127.0.0.1:25/", ("127.0.0.1", 25, "", "", "")),
        ("smtp://u:p@h:2525?starttls=1", ("h", 2525, "u", "p", "start")),
        ("smtps://u%40b.cn:p%2F%40@h", ("h", 465, "u@b.cn", "p/@", "whole")),
        ("smtp://h?starttls=0", ("h", 587, "", "", "")),
    ],
)
def test_a_mail_server_is_read_from_one_address(url, server):
    assert endpoints.mail_server(url) == MailServer(*server)


BAD_SERVERS = [
    "mail.example.cn",
    "http://geheim@h",
    "smtp://",
    "smtp://u:geheim/x@h",
    "smtp://u:geheim#x@h",
    "smtp://h:99999/geheim",
    "smtp://h?starttls=geheim",
    "smtp://h?tls=geheim",
    "smtp://h\n.geheim",
    "smtp://h geheim",
]


@pytest.mark.parametrize("url", BAD_SERVERS)
def test_a_bad_address_is_refused_by_name_and_not_repeated(url):
    with pytest.raises(SettingsError, match="QM_SMTP_URL") as found:
        Settings.read(MAIL | {"QM_SMTP_URL": url})
    assert "geheim" not in "".join(traceback.format_exception(found.value))


@pytest.mark.parametrize(
    "sender", ["", "质量月", "a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn", "a@张.cn"]
)
def test_e_mail_needs_a_sender(sender):
    with pytest.raises(SettingsError, match="QM_MAIL_FROM"):
        Settings.read(MAIL | {"QM_MAIL_FROM": sender})


def test_a_sender_may_have_a_name():
    assert endpoints.sender("质量月 <zly@example.cn>") == ("质量月", "zly@example.cn")
    assert endpoints.sender("zly@example.cn") == ("", "zly@example.cn")


@pytest.mark.parametrize(
    "url", ["gate", "ftp://h/", "https://", "https://u:geheim@h/", "https://h/#x", "https://h:x/"]
)
def test_a_webhook_is_an_address_one_can_call(url):
    with pytest.raises(SettingsError, match="QM_WEBHOOK_URL"):
        Settings.read(HOOK | {"QM_WEBHOOK_URL": url})


def test_a_webhook_needs_a_secret():
    with pytest.raises(SettingsError, match="QM_WEBHOOK_SECRET"):
        Settings.read(HOOK | {"QM_WEBHOOK_SECRET": ""})
    assert Settings.read(HOOK | {"QM_WEBHOOK_SECRET": "short"}).webhook_secret == "short"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QM_SMTP_URL", "smtp://u:geheim@mail.example.cn"),
        ("QM_WEBHOOK_URL", "http://gate.example.cn/"),
        ("QM_WEBHOOK_SECRET", "s" * 31),
    ],
)
def test_production_lets_nothing_cross_a_network_in_the_clear(name, value):
    whole = PRODUCTION | MAIL | HOOK
    assert Settings.read(whole).production
    with pytest.raises(SettingsError, match=name):
        Settings.read(whole | {name: value})


def test_production_may_speak_plainly_to_its_own_machine():
    local = {"QM_SMTP_URL": "smtp://u:p@127.0.0.1:25", "QM_WEBHOOK_URL": "http://localhost:9/"}
    assert Settings.read(PRODUCTION | MAIL | HOOK | local).production


def test_no_secret_is_shown_with_the_settings():
    shown = repr(Settings.read(PRODUCTION | MAIL | HOOK | {"QM_DATABASE_URL": "x://u:geheim@h"}))
    assert "geheim" not in shown
    assert "s" * 32 not in shown
    assert "x" * 32 not in shown
    assert "geheim" not in repr(endpoints.mail_server(MAIL["QM_SMTP_URL"]))
