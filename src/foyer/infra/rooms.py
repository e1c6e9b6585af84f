"""Routes that belong together."""

from typing import Any, Self

from litestar import Router


class Room(Router):
    """A router made for one application, registered once.

    The framework copies a router with everything in it wherever it stands inside another one, down to the last list: of a process
    that has to be back soon this was a quarter of making the application.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
