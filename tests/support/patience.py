"""Coming back to a desk that is busy."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from foyer.kernel.errors import Busy

Told = TypeVar("Told")


async def patiently(act: Callable[[], Awaitable[Told]]) -> Told:
    """What the desk says to whoever comes back: on a machine that stands still for a second it is busy."""
    for _ in range(5):
        with suppress(Busy):
            return await act()
    return await act()
