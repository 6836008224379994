"""What the month says on every page of the site, and its files at the root."""

from flask_babel import gettext as _

from campaign import campaigns, words
from core.i18n import is_chinese
from core.site import Site


def page() -> Site | None:
    """Return name and footer of the current campaign; None before there is one."""
    row = campaigns.front()
    if row is None:
        return None
    name = row.name if is_chinese() else _("Quality Month %(year)s", year=row.year)
    return Site(name, tuple(line.strip() for line in row.footer.splitlines() if line.strip()))


def privacy() -> str:
    """Return the notice about personal data; empty before there is a campaign."""
    return words.privacy(campaigns.current()) if campaigns.front() else ""
