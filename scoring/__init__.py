"""The contest: raw readings of testing laboratories, reduced, scored and ranked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Wire the contest into the application; it has no pages of its own yet."""
