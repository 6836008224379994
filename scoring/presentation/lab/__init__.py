"""What the pages of the laboratories show: form, findings, live line, spreadsheet."""
