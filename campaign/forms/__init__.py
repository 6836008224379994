"""What people type on the pages of the month, checked field by field."""
