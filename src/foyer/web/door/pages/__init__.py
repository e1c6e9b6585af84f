"""What the pages of the door show: one value for each template."""
