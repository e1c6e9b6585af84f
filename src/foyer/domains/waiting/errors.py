"""What can go wrong in line."""

from foyer.kernel.errors import NotFound


def not_waiting() -> NotFound:
    """No such place in line, or not the whole link to it."""
    return NotFound("There is no such place in line, or this is not the whole link to it.")
