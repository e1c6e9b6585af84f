"""What constraints say to people."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from foyer.kernel.errors import FoyerError


@contextmanager
def in_words(**refusals: FoyerError) -> Iterator[None]:
    """What the constraints that people can run into say, each by its name; any other is a fault."""
    try:
        yield
    except IntegrityError as refused:
        constraint = getattr(refused.orig and refused.orig.__cause__, "constraint_name", None)
        if constraint in refusals:
            raise refusals[constraint] from None
        raise
