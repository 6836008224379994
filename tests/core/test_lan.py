"""HTTPS in the room: a certificate for this machine's address, kept while it lasts."""

import ipaddress
import ssl
import stat
import sys
from datetime import timedelta

import pytest
from cryptography import x509

from core import lan
from core.clock import now


def names(path):
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def test_the_address_is_one_of_this_machine():
    assert ipaddress.ip_address(lan.address())


def test_without_a_network_the_machine_knows_itself(monkeypatch):
    class Down:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def connect(self, _where):
            raise OSError("network is unreachable")

    monkeypatch.setattr("core.lan.socket.socket", lambda *_: Down())
    assert lan.address() == "127.0.0.1"


def test_the_certificate_speaks_of_the_address_and_a_server_can_use_it(tmp_path, monkeypatch):
    monkeypatch.setattr(lan, "address", lambda: "192.0.2.7")
    certificate, key = lan.certificate(tmp_path / "new")
    assert names(certificate).get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address("192.0.2.7")
    ]
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_key_is_readable_by_its_owner_alone(tmp_path):
    _certificate, key = lan.certificate(tmp_path)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_it_is_kept_until_its_last_day_and_per_address(tmp_path, monkeypatch, clock):
    monkeypatch.setattr(lan, "address", lambda: "192.0.2.7")
    first = lan.certificate(tmp_path)[0].read_bytes()
    assert lan.certificate(tmp_path)[0].read_bytes() == first
    clock.to(now() + lan.LIFE - timedelta(hours=12))
    assert lan.certificate(tmp_path)[0].read_bytes() != first
    monkeypatch.setattr(lan, "address", lambda: "192.0.2.8")
    assert "192.0.2.8" in lan.certificate(tmp_path)[0].name


def test_the_advice_has_the_address_a_qr_and_both_languages():
    text = lan.advice("https://192.0.2.7:8000")
    assert "https://192.0.2.7:8000" in text
    assert "继续访问" in text
    assert "choose to continue" in text
    assert "█" in text or "▄" in text
