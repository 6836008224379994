"""Settings: one frozen value read once from ``QM_*`` variables.

An unknown ``QM_*`` variable stops the start: a misspelt setting must not be ignored silently.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from dataclasses import field as setting
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from core import endpoints

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(RuntimeError):
    """The environment does not describe a server that may be started."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set; each field is ``QM_`` plus its name in capitals."""

    #: ``development`` (default) or ``production``; production refuses weak settings.
    env: str = "development"
    #: Signs cookies and wraps the secrets of occasions; at least 32 characters in production.
    secret_key: str = setting(default="", repr=False)
    #: The only source of absolute links, e.g. ``https://zly.example.gov.cn``.
    public_url: str = "http://localhost:8000"
    #: SQLAlchemy address; empty means the embedded SQLite file in ``data_dir``.
    database_url: str = setting(default="", repr=False)
    #: Where the embedded database and issued files live.
    data_dir: str = str(ROOT / "var")
    #: ``upper`` makes the smallest QR; ``lower`` for readers that dislike capitals.
    qr_case: str = "upper"
    #: Level of the structured log.
    log_level: str = "INFO"
    #: How many proxies in front of the server set X-Forwarded-For; 0 trusts none.
    proxies: int = 0
    #: ``smtp://user:password@host:587?starttls=1`` or ``smtps://…``; empty sends no e-mail.
    smtp_url: str = setting(default="", repr=False)
    #: Sender of e-mail, e.g. ``质量月 <zly@example.gov.cn>``.
    mail_from: str = ""
    #: Takes every message as signed JSON, e.g. a gateway to SMS; empty calls nobody.
    webhook_url: str = setting(default="", repr=False)
    #: Signs what the webhook receives; at least 32 characters in production.
    webhook_secret: str = setting(default="", repr=False)

    @property
    def production(self) -> bool:
        """Say whether this is a production server."""
        return self.env == "production"

    @property
    def secure(self) -> bool:
        """Say whether people reach the server over HTTPS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def database(self) -> str:
        """Return the SQLAlchemy address in use, with the psycopg 3 driver for PostgreSQL."""
        url = self.database_url or f"sqlite:///{Path(self.data_dir) / 'quality-month.db'}"
        for scheme in ("postgres://", "postgresql://"):
            if url.startswith(scheme):
                return "postgresql+psycopg://" + url.removeprefix(scheme)
        return url

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from ``environ``; raise :class:`SettingsError` on a bad one."""
        names = {f"QM_{field.name.upper()}": field for field in fields(cls)}
        unknown = sorted(k for k in environ if k.startswith("QM_") and k not in names)
        if unknown:
            raise SettingsError(
                f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(names))}"
            )
        values: dict[str, str | int] = {}
        for key, field in names.items():
            if environ.get(key):
                values[field.name] = (
                    _number(key, environ[key]) if field.type is int else environ[key]
                )
        return cls(**values)._checked()  # type: ignore[arg-type]

    def _checked(self) -> "Settings":
        if self.env not in ("development", "production"):
            raise SettingsError("QM_ENV is development or production")
        if self.qr_case not in ("upper", "lower"):
            raise SettingsError("QM_QR_CASE is upper or lower")
        if self.production and len(self.secret_key) < 32:
            raise SettingsError(
                "QM_SECRET_KEY needs at least 32 characters in production, for example "
                f"{secrets.token_urlsafe(32)}"
            )
        if self.production and not self.secure:
            raise SettingsError("QM_PUBLIC_URL starts with https:// in production")
        self._check_mail()
        self._check_webhook()
        return self

    def _check_mail(self) -> None:
        if not self.smtp_url:
            return
        with _naming("QM_SMTP_URL"):
            endpoints.mail_server(self.smtp_url, strict=self.production)
        with _naming("QM_MAIL_FROM"):
            endpoints.sender(self.mail_from)

    def _check_webhook(self) -> None:
        if not self.webhook_url:
            return
        with _naming("QM_WEBHOOK_URL"):
            endpoints.check_webhook(self.webhook_url, strict=self.production)
        least = 32 if self.production else 1
        if len(self.webhook_secret) < least:
            raise SettingsError(
                f"QM_WEBHOOK_SECRET needs at least {least} characters beside QM_WEBHOOK_URL, for "
                f"example {secrets.token_urlsafe(32)}"
            )


@contextmanager
def _naming(key: str) -> Iterator[None]:
    """Put the name of a setting before what is wrong with it; its value is never shown."""
    try:
        yield
    except ValueError as error:
        raise SettingsError(f"{key} {error}") from None


def _number(key: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{key} is a whole number")
    return int(text)


def development_key(directory: Path) -> str:
    """Return the key of a development machine, made once and kept beside its database."""
    path = directory / "secret-key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii")


def settings() -> Settings:
    """Return the settings of the running application."""
    value: Settings = current_app.extensions["qm-settings"]
    return value
