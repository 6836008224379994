"""What the pages of the month show, made ready for the templates."""
