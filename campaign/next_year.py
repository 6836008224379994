"""What a new year takes over beside its own data: who files for the same bodies."""

from campaign import officers
from campaign.bodies import bodies as bodies_of
from campaign.models import Campaign
from core.access import Actor
from core.first_sign_in import is_placeholder


def carry_over(source: Campaign, target: Campaign, actor: Actor) -> int:
    """Let last year's officers file for the same bodies of the new year; return how many do.

    Accounts that still wait for a mobile stay behind, and so do closed ones.
    """
    by_name = {body.name: body for body in bodies_of(target)}
    before, count = bodies_of(source), 0
    known = officers.of_bodies(before)
    for body in before:
        for officer in known[body.id]:
            new = by_name.get(body.name)
            if new is None or officer.state == "closed" or is_placeholder(officer.user.login):
                continue
            officers.make_officer(new, officer.user, actor)
            count += 1
    return count
