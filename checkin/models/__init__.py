"""Tables of the door, in the order a person meets them."""

from checkin.models.attendance import Attendance, Scan
from checkin.models.occasion import Checkpoint, Device, Occasion
from checkin.models.registration import Registration

__all__ = ["Attendance", "Checkpoint", "Device", "Occasion", "Registration", "Scan"]
