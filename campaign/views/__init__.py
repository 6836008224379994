"""Pages of the month, one file per audience and job."""
