"""What can go wrong with a cart."""

from foyer.kernel.errors import CartExpired, NotFound, OverLimit
from foyer.kernel.language import said

HOLDS_OTHERS = said("This browser holds other places for this event. Pay for them or give them back first.")


def no_event() -> NotFound:
    """No such event, or none that a shop shows."""
    return NotFound(said("There is no such event."))


def link_closed() -> NotFound:
    """An access link that opens nothing: it was never given out, was taken back, or its time is over."""
    return NotFound(said("This link opens nothing any more. Ask whoever gave it to you for a new one."))


def no_cart() -> NotFound:
    """No such cart, or none of this event."""
    return NotFound(said("There is no such cart."))


def lapsed() -> CartExpired:
    """The time to pay has run out."""
    return CartExpired(said("Your places went back on sale. What is free now can be reserved again."))


def too_dear() -> OverLimit:
    """A cart whose total is more than one order can be paid with."""
    return OverLimit(said("This is more than one order can come to; choose fewer tickets."), field="items")
