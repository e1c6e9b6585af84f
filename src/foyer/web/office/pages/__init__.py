"""One dataclass for each page of the office: handlers fill it, templates read nothing else."""
