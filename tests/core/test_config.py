"""The settings: read once, misspelt never ignored, weak never started in production."""

import dataclasses
import stat

import pytest

from core import config
from core.config import Settings, SettingsError, development_key

PRODUCTION = {
    "QM_ENV": "production",
    "QM_SECRET_KEY": "x" * 32,
    "QM_PUBLIC_URL": "https://zly.example.gov.cn",
}


def read(**more):
    return Settings.read(more)


def test_nothing_set_is_a_development_machine():
    settings = read()
    assert not settings.production
    assert not settings.secure
    assert settings.database == f"sqlite:///{settings.data_dir}/quality-month.db"


def test_variables_of_others_are_none_of_ours():
    assert read(PATH="/bin", FLASK_DEBUG="1") == read()


def test_an_empty_variable_is_not_set():
    assert read(QM_DATA_DIR="", QM_PROXIES="") == read()


def test_an_unknown_variable_stops_the_start_and_is_named():
    with pytest.raises(SettingsError, match=r"QM_PUBLIC_ULR.*known are.*QM_PUBLIC_URL"):
        read(QM_PUBLIC_ULR="https://example.org")


def test_settings_never_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().env = "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QM_ENV", "prod"),
        ("QM_QR_CASE", "Upper"),
        ("QM_PROXIES", "-1"),
        ("QM_PROXIES", "one"),
        ("QM_PROXIES", "１"),
    ],
)
def test_a_bad_value_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=name):
        read(**{name: value})


def test_numbers_are_numbers():
    assert read(QM_PROXIES="2").proxies == 2


def test_good_production_settings_start():
    settings = read(**PRODUCTION)
    assert settings.production
    assert settings.secure


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QM_SECRET_KEY", ""),
        ("QM_SECRET_KEY", "x" * 31),
        ("QM_PUBLIC_URL", ""),
        ("QM_PUBLIC_URL", "http://zly.example.gov.cn"),
    ],
)
def test_production_refuses_weak_settings(name, value):
    with pytest.raises(SettingsError, match=name):
        read(**PRODUCTION | {name: value})


def test_the_refusal_of_a_weak_key_offers_a_strong_one_each_time_another():
    offers = set()
    for _ in range(2):
        with pytest.raises(SettingsError) as refusal:
            read(**PRODUCTION | {"QM_SECRET_KEY": "weak"})
        offers.add(str(refusal.value).split()[-1])
    assert len(offers) == 2
    assert all(len(offer) >= 32 for offer in offers)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_psycopg_3(scheme):
    url = read(QM_DATABASE_URL=f"{scheme}://u@host/qm").database
    assert url == "postgresql+psycopg://u@host/qm"


def test_a_given_database_is_used_as_it_is():
    assert read(QM_DATABASE_URL="sqlite:////srv/qm.db").database == "sqlite:////srv/qm.db"


def test_the_key_of_a_development_machine_is_made_once_and_for_its_owner_alone(tmp_path):
    home = tmp_path / "var" / "deep"
    key = development_key(home)
    assert len(key) >= 32
    assert development_key(home) == key
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


def test_the_application_carries_its_settings(app, public_url):
    assert config.settings().public_url == public_url
    assert not config.settings().production
