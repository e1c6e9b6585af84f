"""What can go wrong in line, and before a sale."""

from foyer.kernel.errors import NotFound
from foyer.kernel.language import said


def not_waiting() -> NotFound:
    """No such place in line, or not the whole link to it."""
    return NotFound(said("There is no such place in line, or this is not the whole link to it."))


def no_reminder() -> NotFound:
    """Not the whole link to a reminder."""
    return NotFound(said("There is no such reminder, or this is not the whole link to it."))
