"""What was refused a moment ago for want of places is refused again without asking the database."""

import time
from collections.abc import Hashable, Iterable
from typing import Final
from uuid import UUID

from foyer.kernel.errors import SoldOut

KNOWN_SECONDS: Final = 0.25
"""How long places that another process gives back may stay unknown in this one."""
WISHES_MAX: Final = 10_000


class SoldOutBoard:
    """The last refusal of each wish. It can be wrong only towards "try again", and not for long.

    A wish is these very tickets in this number. It is noted while the pool that was short is locked, and whoever gives places
    back wipes it while they hold that lock: so this process never refuses what it has itself given back.
    """

    def __init__(self) -> None:
        self._refused: dict[Hashable, tuple[float, SoldOut]] = {}
        self._wishes: dict[UUID, set[Hashable]] = {}

    def note(self, pool_id: UUID, wish: Hashable, refusal: SoldOut) -> None:
        """Remember that a wish was refused just now, because this locked pool has too few places."""
        if len(self._refused) >= WISHES_MAX:
            self._refused.clear()
            self._wishes.clear()
        self._refused[wish] = time.monotonic() + KNOWN_SECONDS, refusal
        self._wishes.setdefault(pool_id, set()).add(wish)

    def refusal(self, wish: Hashable) -> SoldOut | None:
        """The refusal once more; None where the database has to be asked."""
        known = self._refused.get(wish)
        if known is None or known[0] < time.monotonic():
            return None
        return SoldOut(known[1].detail, field=known[1].field)

    def wipe(self, pools: Iterable[UUID]) -> None:
        """These pools are locked, and places of them may come back."""
        if self._wishes:
            for pool_id in pools:
                for wish in self._wishes.pop(pool_id, ()):
                    self._refused.pop(wish, None)

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self._refused)


sold_out: Final = SoldOutBoard()
"""What this process knows."""
