"""Words for invitations and reminders: how far they have come, and by which way."""

from flask_babel import lazy_gettext as _l

from core.notify import Channel

#: State of an invitation → word and tone.
INVITED = {
    "none": (_l("Not invited"), "mute"),
    "invited": (_l("Invited"), "info"),
    "over": (_l("Link over"), "warn"),
    "set_up": (_l("Set up"), "ok"),
    "accepted": (_l("Slip accepted"), "ok"),
}
#: State of one officer → word and tone.
OFFICER = {
    "new": (_l("No link yet"), "mute"),
    "invited": (_l("Has not signed in"), "info"),
    "set_up": (_l("Password set"), "ok"),
    "closed": (_l("Closed"), "bad"),
}
#: How a reminder goes out → what is done by choosing it.
WAYS = {
    Channel.COPY: _l("I copy the texts, or call by telephone"),
    Channel.SHEET: _l("Take a list for bulk SMS (full mobiles)"),
    Channel.EMAIL: _l("Send by e-mail (an addition)"),
    Channel.WEBHOOK: _l("Send by the webhook"),
}
