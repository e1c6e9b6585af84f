"""What can go wrong with a cart."""

from foyer.kernel.errors import CartExpired


def lapsed() -> CartExpired:
    """The time to pay has run out."""
    return CartExpired("Your places went back on sale. What is free now can be reserved again.")
