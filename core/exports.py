"""The line on every export: who took it, when, and how the numbers of persons stand in it."""

from flask_babel import gettext as _

from core.clock import local, now


def taken_by(who: str, *, full_mobiles: bool | None = None) -> str:
    """Return the line; leave ``full_mobiles`` out where the export holds no mobile."""
    at = f"{local(now()):%Y-%m-%d %H:%M}"
    if full_mobiles is None:
        return str(_("Exported by %(who)s at %(at)s (Beijing time).", who=who, at=at))
    how = _("in full: keep this file safe") if full_mobiles else _("masked")
    said = _(
        "Exported by %(who)s at %(at)s (Beijing time); mobiles %(how)s.", who=who, at=at, how=how
    )
    return str(said)
