"""Pages of the set-up of a year, by a name for their pictures."""

from campaign import campaigns


def pages() -> dict[str, str]:
    """Return the path of each page."""
    year = f"/office/month/{campaigns.current().year}"
    return {
        "month-settings": f"{year}/settings",
        "month-deadlines": f"{year}/deadlines",
        "month-bodies": f"{year}/bodies",
        "month-holidays": "/office/month/holidays",
    }
