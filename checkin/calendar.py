"""The appointment of an occasion for a phone's calendar."""

from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from checkin.models import Occasion
from core.clock import local, now


def event(occasion: Occasion, link: str) -> bytes:
    """Return an iCalendar file (RFC 5545) with one event and a reminder two hours before."""
    entry = Event()
    entry.add("uid", f"{occasion.public_id}@quality-month")
    entry.add("dtstamp", now())
    entry.add("dtstart", local(occasion.starts_at))
    entry.add("dtend", local(occasion.ends_at))
    entry.add("summary", occasion.title)
    entry.add("location", "，".join(part for part in (occasion.venue, occasion.address) if part))
    notices = (occasion.wear, occasion.safety, occasion.traffic, link)
    entry.add("description", "\n".join(part for part in notices if part))
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", occasion.title)
    reminder.add("trigger", timedelta(hours=-2))
    entry.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Quality Month//zh//")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
