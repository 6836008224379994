"""E-mail as it leaves: what a name cannot smuggle in, encryption, and what each answer means."""

import smtplib
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from core import lan, mail
from core.clock import now
from core.letters import Letter, Undelivered
from tests.mailing import PASSWORD, USER, Mailbox, mail_server

SENDER = ("质量月", "zly@example.cn")
LETTER = Letter(
    id="abc_-9",
    kind="invitation",
    name="张示例",
    mobile="",
    email="zhang@example.cn",
    title="催办：联络员回执",
    text="您好！\n请于 8 月 26 日前报送。\n𬭎",
)
#: Ways to try for a second header, a second recipient or a second body.
HOSTILE = [
    "张\r\nBcc: all@example.cn",
    "张\nSubject: other",
    "张\r\n\r\nother body",
    "a@b.cn, c",
    '"><x@y.cn>, ',
    "=?utf-8?q?=0ABcc:_x@y.cn?=",
    "==?utf-8?b?CkJjYzogeEB5LmNu?=?= 张",
    "张\u2028Bcc: x@y.cn",
    "张\x00示例",
]


@pytest.fixture
def box(app):
    return configured(app, Mailbox())


def configured(app, box, *, user="", query=""):
    app.extensions["qm-settings"] = replace(
        app.extensions["qm-settings"],
        smtp_url=f"smtp://{user}127.0.0.1:{box.port}{query}",
        mail_from="质量月 <zly@example.cn>",
    )
    return box


def refusal(letter=LETTER):
    with pytest.raises(Undelivered) as found:
        mail.send(letter)
    return found.value.reason, found.value.final


def test_chinese_arrives_as_it_was_written(box):
    with mail_server(box):
        mail.send(LETTER)
    got = box.taken[0]
    assert (got["Subject"], got["To"]) == ("催办：联络员回执", "张示例 <zhang@example.cn>")
    assert got["From"] == "质量月 <zly@example.cn>"
    assert got.get_content_type() == "text/plain"
    assert got.get_content().replace("\r\n", "\n") == LETTER.text + "\n"


def test_a_message_says_when_it_was_sent_and_which_it_is(box):
    got = mail.compose(LETTER, SENDER)
    assert got["Message-ID"] == "<abc_-9@localhost>"
    assert abs(parsedate_to_datetime(got["Date"]) - now()).total_seconds() < 60
    assert "+0800" in got["Date"]
    assert got["Auto-Submitted"] == "auto-generated"


def test_what_leaves_is_seven_bits_wide(box):
    assert mail.compose(LETTER, SENDER).as_bytes().isascii()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["name", "title"])
def test_no_text_adds_a_header_or_a_recipient(box, field, text):
    with mail_server(box):
        mail.send(replace(LETTER, **{field: text}))
    got = box.taken[0]
    plain = mail.compose(LETTER, SENDER)
    assert sorted(got.keys()) == sorted([*plain.keys()])
    assert [address.addr_spec for address in got["To"].addresses] == ["zhang@example.cn"]
    assert box.envelopes == [("zly@example.cn", ["zhang@example.cn"])]
    assert got.get_content().replace("\r\n", "\n") == LETTER.text + "\n"


@pytest.mark.parametrize("address", ["", "张@example.cn", "a@b.cn\r\nBcc: c@d.cn", "a@b.cn,c@d.cn"])
def test_an_unfit_address_never_reaches_the_server(box, address):
    assert refusal(replace(LETTER, email=address)) == ("address_unfit", True)


def test_a_server_that_is_down_is_no_answer(box):
    assert refusal() == ("mail_unreachable", False)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("550 zhang is unknown", ("recipient_refused:550", True)),
        ("450 busy", ("mail_deferred:450", False)),
    ],
)
def test_the_number_decides(box, answer, meaning):
    box.answers = [answer]
    with mail_server(box):
        assert refusal() == meaning


def test_what_goes_wrong_at_parting_sends_nothing_twice(box, monkeypatch):
    def fail(_self):
        raise smtplib.SMTPResponseException(500, "no goodbye")

    monkeypatch.setattr(smtplib.SMTP, "quit", fail)
    with mail_server(box):
        mail.send(LETTER)
    assert len(box.taken) == 1


@pytest.fixture
def certificate(tmp_path):
    """Return a server's TLS, with a certificate it signed itself."""
    cert, key = lan.certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


@pytest.fixture
def trusted(certificate, monkeypatch):
    """Let this machine trust the certificate, as an administrator would."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    return certificate[0]


def account(app, password="p%40ss%2Fword", query="?starttls=1"):
    made = configured(app, Mailbox(), user=f"{USER}:{password}@", query=query)
    settings = app.extensions["qm-settings"]
    # The certificate names localhost.
    url = settings.smtp_url.replace("127.0.0.1", "localhost")
    app.extensions["qm-settings"] = replace(settings, smtp_url=url)
    return made


def test_a_password_goes_through_starttls(app, trusted):
    box = account(app)
    with mail_server(box, trusted):
        mail.send(LETTER)
    assert PASSWORD == "p@ss/word"
    assert box.signed_in == [USER.encode()]
    assert len(box.taken) == 1


def test_a_certificate_nobody_signed_ends_the_conversation(app, certificate):
    box = account(app)
    with mail_server(box, certificate[0]):
        assert refusal() == ("mail_certificate", False)
    assert (box.taken, box.signed_in) == ([], [])


def test_a_wrong_password_is_not_repeated(app, trusted):
    box = account(app, password="wrong")
    with mail_server(box, trusted):
        assert refusal() == ("mail_sign_in:535", True)


def test_a_server_without_the_encryption_asked_for_gets_nothing(app):
    box = account(app)
    with mail_server(box):
        assert refusal() == ("mail_unsupported", True)
    assert box.taken == []


def test_smtps_speaks_nothing_but_tls(app, trusted):
    box = account(app, query="")
    settings = app.extensions["qm-settings"]
    url = settings.smtp_url.replace("smtp://zly:p%40ss%2Fword@", "smtps://")
    app.extensions["qm-settings"] = replace(settings, smtp_url=url)
    with mail_server(box, trusted, whole=True):
        mail.send(LETTER)
    assert len(box.taken) == 1


def test_the_clock_of_the_product_is_the_clock_of_its_mail(box, clock):
    clock.to(datetime(2026, 8, 26, 15, 59, tzinfo=UTC))
    assert mail.compose(LETTER, SENDER)["Date"].startswith("Wed, 26 Aug 2026 23:59")
