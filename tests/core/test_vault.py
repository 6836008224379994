"""Secrets at rest: opened by the key they were wrapped under, and by no other."""

from dataclasses import replace

import pytest

from core import vault
from core.errors import Unavailable


def test_what_is_wrapped_comes_out_and_is_not_seen_inside(app):
    wrapped = vault.wrap(b"a secret of an occasion")
    assert b"secret" not in wrapped
    assert vault.unwrap(wrapped) == b"a secret of an occasion"
    assert vault.wrap(b"x") != vault.wrap(b"x")


def test_another_key_opens_nothing_and_says_whom_to_tell(app, client):
    wrapped = vault.wrap(b"x")
    settings = app.extensions["qm-settings"]
    app.extensions["qm-settings"] = replace(settings, secret_key="another key, long enough for it")
    with pytest.raises(Unavailable) as refused:
        vault.unwrap(wrapped)
    assert (refused.value.code, refused.value.status) == ("wrong_secret_key", 503)
    assert "Tell the administrator" in refused.value.message


def test_a_changed_byte_is_noticed(app):
    wrapped = bytearray(vault.wrap(b"x"))
    wrapped[20] ^= 1
    with pytest.raises(Unavailable):
        vault.unwrap(bytes(wrapped))
