"""The application factory: settings → extensions → features → start-up checks."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from core import (
    access,
    cli,
    db,
    files,
    i18n,
    outbox,
    own_pages,
    people,
    personal,
    phone_sign_in,
    privacy,
    retention,
    signin,
    site,
    web,
)
from core.config import ROOT, Settings, development_key


def build(*features: Any, **overrides: Any) -> Flask:
    """Return the application made of ``features``, each an object with ``init_app(app)``.

    ``overrides`` replace single settings (tests give a database each). Raises ``RuntimeError``
    when an endpoint has not declared who may call it.
    """
    settings = replace(Settings.read(os.environ), **overrides)
    if not settings.secret_key:
        settings = replace(settings, secret_key=development_key(Path(settings.data_dir)))
    app = Flask(
        "quality_month",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
    )
    app.extensions["qm-settings"] = settings
    _configure(app, settings)
    for part in (
        db,
        files,
        i18n,
        web,
        signin,
        phone_sign_in,
        people,
        outbox,
        own_pages,
        privacy,
        retention,
        site,
        cli,
    ):
        part.init_app(app)
    for feature in features:
        feature.init_app(app)
    _check(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.secret_key = settings.secret_key
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        SESSION_COOKIE_NAME="__Host-qm" if settings.secure else "qm",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        JSON_AS_ASCII=False,
    )
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    masks = ("mask_name", "mask_mobile", "mask_landline", "mask_email", "mask_login")
    app.jinja_env.filters.update({name: getattr(personal, name) for name in masks})
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]
    Bootstrap5(app)


def _check(app: Flask) -> None:
    for endpoint in ("static", "bootstrap.static"):
        access.public(app.view_functions[endpoint])
    if missing := access.undeclared(app):
        raise RuntimeError(f"no declared access: {', '.join(missing)}")
