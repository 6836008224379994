"""Pages and the API of the door, one file per audience."""
