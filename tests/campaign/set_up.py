"""What the forms of the set-up of a year send, for tests that ask every page."""

import secrets
from typing import Any

from campaign import bodies, campaigns, details
from campaign.forms.settings import as_written
from core.db import read_only_done
from tests import factories

#: A file the current campaign puts at the root of the site.
FILE = "MP_verify_example"


def put_file() -> None:
    """Let the current campaign serve :data:`FILE`."""
    with factories.writing():
        campaigns.current().root_files = {f"{FILE}.txt": "example"}


def forms() -> dict[str, dict[str, Any]]:
    """Return the fields of each form by its endpoint, as the page of the current year has them."""
    campaign = campaigns.current()
    place = str(bodies.places()[0].id)
    sent: dict[str, dict[str, Any]] = {
        "month.settings": {
            "seen": details.state(campaign),
            "name": campaign.name,
            "starts_on": str(campaign.starts_on),
            "ends_on": str(campaign.ends_on),
            "video_limit_mb": "100",
            "retention_months": "12",
        },
        "month.deadlines": _due(campaigns.deadlines(campaign)),
        "month.bodies_edit": {
            "act": "add", "name": f"示例局{secrets.token_hex(4)}", "place": place, "kind": "rail",
        },
        "month.holidays": {"act": "add", "day": "2090-01-01", "kind": "off", "name": "元旦"},
        "month.year_new": {"new_year": str(campaigns.every()[0].year + 1)},
        "month.year_open": {"sure": "y"},
    }  # fmt: skip
    read_only_done()
    return sent


def _due(due: dict[Any, Any]) -> dict[str, str]:
    fields = {}
    for item, at in due.items():
        day, time = as_written(at)
        fields |= {f"{item}_day": str(day), f"{item}_time": time, f"{item}_seen": at.isoformat()}
    return fields
