"""What the pages of the judges show, by code only."""
