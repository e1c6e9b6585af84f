"""Every guard that the races rely on, and how a test switches it off: a guard that nobody misses guards nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from foyer.domains.carts import ReserveDesk, carts_by_id, lapse_due, raise_uses
from foyer.domains.checkout import PlaceDesk
from foyer.domains.events import open_sales
from foyer.domains.inventory import lock_pools
from foyer.domains.orders import lock_orders
from foyer.domains.tickets import DoorDesk
from foyer.infra.batching import ChangedMeanwhileError, lane
from foyer.infra.db import engine
from tests.races import experiments, order_experiments
from tests.races.experiments import Experiment, home_of

LOCKING = ("FOR NO KEY UPDATE OF p", "FOR NO KEY UPDATE SKIP LOCKED", "FOR NO KEY UPDATE")


@dataclass(frozen=True)
class Guard:
    """Something that stands between a race and its harm."""

    name: str
    experiment: Experiment
    harm: str
    """What is seen when the guard is off: a part of what the experiment says."""
    off: tuple[Callable[[pytest.MonkeyPatch], None], ...] = ()
    """Switches in the code."""
    sql: tuple[str, ...] = ()
    """Switches in a database that is thrown away."""


def unlocked(module: object, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The statement without its locking clause."""
    statement = getattr(module, name)
    bare = statement
    for clause in LOCKING:
        bare = bare.replace(clause, "")
    assert bare != statement, f"{name} locks nothing"
    return lambda patch: patch.setattr(module, name, bare)


def without(module: object, name: str, part: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The statement without a part of it."""
    statement = getattr(module, name)
    assert part in statement, f"{name} has no {part!r}"
    return lambda patch: patch.setattr(module, name, statement.replace(part, ""))


def carts_unlocked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(home_of(PlaceDesk), "lock_carts", carts_by_id)


def any_version(patch: pytest.MonkeyPatch) -> None:
    """Carts are written although their event is not the one that was read."""
    selling = home_of(ReserveDesk)
    write = selling._write

    async def careless(*given):
        with suppress(ChangedMeanwhileError):
            await write(*given)

    patch.setattr(selling, "_write", careless)


def no_second_try(patch: pytest.MonkeyPatch) -> None:
    """A batch that met another process's row is not done again."""
    patch.setattr(lane, "AGAIN", (lane.ChangedMeanwhileError,))


def tenant_outlives(patch: pytest.MonkeyPatch) -> None:
    """`SET` in place of `SET LOCAL`: the setting belongs to the connection, no longer to the transaction."""
    opening = engine.Database.opening
    patch.setattr(
        engine.Database, "opening", lambda *given: opening(*given).replace("SET LOCAL app", "SET app")
    )


def end_left_to_chance(patch: pytest.MonkeyPatch) -> None:
    """COMMIT, ROLLBACK and the return to the pool are cancelled like everything else."""

    async def bare(work):
        return await work

    patch.setattr(engine, "through", bare)


POOLS_LOCK = (unlocked(home_of(lock_pools), "_LOCK"), unlocked(home_of(open_sales), "_OPEN"))
TICKETS_LOCK = unlocked(home_of(DoorDesk), "_TICKETS")
NEVER_OVERSOLD = "ALTER TABLE pools DROP CONSTRAINT ck_pools_never_oversold"
ONE_ORDER = "ALTER TABLE orders DROP CONSTRAINT uq_orders_organization_id_cart_id"
ONE_CART_A_KEY = "DROP INDEX uq_carts_idempotency_key"

GUARDS = (
    Guard("pools are locked before they are read", experiments.last_places, "CheckViolation", POOLS_LOCK),
    Guard(
        "who writes asks whether the event is still the one that was read",
        experiments.cancelled_meanwhile,
        "sold by a cancelled event",
        (any_version,),
    ),
    Guard(
        "places sold and held never exceed the capacity",
        experiments.careless_move,
        "oversold",
        sql=(NEVER_OVERSOLD,),
    ),
    Guard(
        "lock and constraint of the pools together",
        experiments.last_places,
        "oversold",
        POOLS_LOCK,
        (NEVER_OVERSOLD,),
    ),
    Guard(
        "tickets are locked before they are read", experiments.two_doors, "AssertionError", (TICKETS_LOCK,)
    ),
    Guard(
        "lock and condition of a check-in together",
        experiments.two_doors,
        "admitted 2 times",
        (TICKETS_LOCK, without(home_of(DoorDesk), "_ADMIT", "AND tickets.status = 'valid'")),
    ),
    Guard(
        "carts are locked at checkout, or a second try finds the order",
        experiments.double_submit,
        "UniqueViolation",
        (carts_unlocked, no_second_try),
    ),
    Guard(
        "lock and constraint of a cart's order together",
        experiments.double_submit,
        "two orders of one cart",
        (carts_unlocked,),
        (ONE_ORDER,),
    ),
    Guard(
        "a sweeper locks the carts it takes",
        experiments.two_sweepers,
        "held places",
        (unlocked(home_of(lapse_due), "_DUE"),),
    ),
    Guard(
        "a key is looked up under the lock, or a second try finds the cart",
        experiments.one_key,
        "UniqueViolation",
        (*POOLS_LOCK, no_second_try),
    ),
    Guard(
        "lock and constraint of a key together",
        experiments.one_key,
        "2 carts",
        POOLS_LOCK,
        (ONE_CART_A_KEY,),
    ),
    Guard(
        "orders are locked before they are read",
        order_experiments.approved_twice,
        "refused 0 times",
        (unlocked(home_of(lock_orders), "_LOCK"),),
    ),
    Guard(
        "uses of a buyer are locked before they are counted",
        order_experiments.one_buyer_twice,
        "used 2 times",
        (unlocked(home_of(raise_uses), "_LOCK"),),
    ),
    Guard(
        "the uses of a code are a pool, locked like places",
        order_experiments.last_use,
        "CheckViolation",
        POOLS_LOCK,
    ),
    Guard(
        "the tenant ends with its transaction",
        experiments.next_user,
        "the tenant is still",
        (tenant_outlives,),
    ),
    Guard(
        "the end of a transaction is carried through",
        experiments.cancelled_twice,
        "a transaction is still open",
        (end_left_to_chance,),
    ),
)
