"""WSGI entry point: ``flask run`` in development, a production server with ``wsgi:app``."""

import campaign
import checkin
import scoring
from core import create_app

app = create_app(campaign, checkin, scoring)
