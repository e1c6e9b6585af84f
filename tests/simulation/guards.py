"""What the simulation has to miss when it is gone: the same controls as for the races, for what goes wrong without any race."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from foyer.domains.carts import EditDesk, ReserveDesk, lapse_due
from foyer.domains.checkout import cancel_order
from tests.races.experiments import home_of


@dataclass(frozen=True)
class Guard:
    name: str
    harm: str
    """What the simulation says without it."""
    off: Callable[[pytest.MonkeyPatch], None]
    seeds: tuple[int, ...]
    """Lives in one of which it is missed."""
    sql: tuple[str, ...] = ()
    """Constraints that would speak first, dropped in a database that is thrown away."""


def everybody_is_served(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(home_of(ReserveDesk), "allocate", lambda requests, _stock: [None for _ in requests])
    patch.setattr(home_of(EditDesk), "shortage", lambda _wanted, _left: None)


def carts_lapse_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Places go back, and the cart does not know: they go back with every round."""
    patch.setattr(home_of(lapse_due), "_LAPSE", "SELECT $1::uuid, $2::uuid[]")


def uses_are_kept(patch: pytest.MonkeyPatch) -> None:
    async def keep(*_given) -> None: ...

    patch.setattr(home_of(vars(home_of(cancel_order))["drop"]), "lower_uses", keep)


__all__ = ["GUARDS", "Guard"]

GUARDS = (
    Guard(
        "places are allocated, and never more than there are",
        "was not free|oversold",
        everybody_is_served,
        (1, 2, 3),
        ("ALTER TABLE pools DROP CONSTRAINT ck_pools_never_oversold",),
    ),
    Guard(
        "a place goes back once",
        "held places|still holds its places",
        carts_lapse_for_ever,
        (5, 6, 7, 8),
        ("ALTER TABLE pools DROP CONSTRAINT ck_pools_held",),
    ),
    Guard("a code that was given up is free again", "uses of codes", uses_are_kept, (9, 4, 7, 3, 8, 13)),
)
