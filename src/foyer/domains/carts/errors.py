"""What can go wrong with a cart."""

from foyer.kernel.errors import CartExpired, OverLimit


def lapsed() -> CartExpired:
    """The time to pay has run out."""
    return CartExpired("Your places went back on sale. What is free now can be reserved again.")


def too_dear() -> OverLimit:
    """A cart whose total is more than one order can be paid with."""
    return OverLimit("This is more than one order can come to; choose fewer tickets.", field="items")
