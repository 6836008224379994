"""The pages of the month's demonstration data, for pictures and for tests of the layout."""

from campaign import bodies, campaigns, filings
from campaign.models import Body, Item
from core import accounts
from core.access import Role, Scope
from core.accounts import User
from tests.campaign import worlds
from tests.factories import writing


def _bodies() -> list[Body]:
    return bodies.bodies(campaigns.current())


def _filed(number: int, item: Item) -> str:
    """Return the newest version of the body with a number of the notice."""
    newest = filings.last_version(_bodies()[number - 1], item)
    assert newest is not None
    return newest.public_id


def office() -> dict[str, str]:
    """Return the pages of the office, by a name for their pictures."""
    year = f"/office/month/{campaigns.current().year}"
    return {
        "month-board": f"{year}/",
        "month-board-city": f"{year}/?group=city",
        "month-board-nobody": f"{year}/?q=nobody",
        "month-body": f"{year}/bodies/{_bodies()[30].public_id}",
        "month-slip": f"{year}/filings/{_filed(1, Item.SLIP)}",
        "month-plan": f"{year}/filings/{_filed(31, Item.PLAN)}",
        "month-summary": f"{year}/filings/{_filed(2, Item.SUMMARY)}",
        "month-files": f"{year}/bodies/{_bodies()[4].public_id}/files",
        "month-figures": f"{year}/figures",
        "month-invitations": f"{year}/invitations",
        "month-reminders": f"{year}/reminders",
        "month-settings": f"{year}/settings",
        "month-deadlines": f"{year}/deadlines",
        "month-bodies": f"{year}/bodies",
        "month-holidays": "/office/month/holidays",
        "messages": "/office/messages/",
        "data-map": "/office/data-map/",
    }


def body() -> dict[str, str]:
    """Return the pages of a body whose summary is being written."""
    first = f"/body/{_bodies()[0].public_id}"
    return {
        "body": f"{first}/",
        "body-summary": f"{first}/summary",
        "body-evidence": f"{first}/evidence",
        "body-version": f"{first}/filings/{_filed(1, Item.SLIP)}",
        "body-city": f"{first}/city",
        "body-returned": f"/body/{_bodies()[26].public_id}/plan",
        "body-slip": f"/body/{_bodies()[39].public_id}/slip",
        "own-data": "/account/data",
    }


def officer() -> User:
    """Return a new officer who files for the three bodies of these pages."""
    with writing():
        first, returned, empty = (_bodies()[number - 1] for number in (1, 27, 40))
        user = worlds.officer(first)
        for body in (returned, empty):
            accounts.grant(user, Role.LIAISON, Scope.BODY, body.id)
        user.login = f"officer-{user.id}"  # as with other accounts of the demonstration
        return user
