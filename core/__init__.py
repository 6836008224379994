"""The technical ground under every feature: it knows none of them.

``create_app`` takes the features as arguments, so ``core`` imports no feature and Flask's
usual import cycle cannot appear.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(*features: Any, **overrides: Any) -> "Flask":
    """Build the application from ``features`` (see :func:`core.factory.build`)."""
    from core.factory import build

    return build(*features, **overrides)
