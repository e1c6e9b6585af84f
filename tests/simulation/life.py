"""One life of the town: so many steps by one seed, and the books after each of them."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import asyncpg

from foyer.domains.checkout import audit
from foyer.domains.checkout.types import Difference
from foyer.domains.payments import refunds_of_order, transactions
from foyer.domains.payments.types import Outcome as Said
from foyer.domains.payments.types import RefundStatus, TransactionFilter, TransactionType
from tests.simulation import buyers, office, passage, providers, staff
from tests.simulation.network import Network, Unreliable
from tests.simulation.outcome import judge
from tests.simulation.town import BEGINNING, BrokenError, Town, settle_down
from tests.simulation.view import View, look
from tests.support.cluster import APP, OWNER, url_of
from tests.support.installation import database_of_its_own, drop_database
from tests.support.trade import trading

OPERATIONS: Final = {
    **buyers.OPERATIONS,
    **providers.OPERATIONS,
    **staff.OPERATIONS,
    **office.OPERATIONS,
    **passage.OPERATIONS,
}
PATIENCE_SECONDS: Final = 60


class LifeError(AssertionError):
    """What went wrong, how to see it again, and everything that led to it."""

    def __init__(self, seed: int, trace: list[str], problem: BaseException) -> None:
        super().__init__(
            f"seed {seed}, step {len(trace)}: {type(problem).__name__}: {problem}\n"
            f"to see it again: .venv/bin/python -m pytest tests/simulation --seed {seed} --steps {len(trace)}\n"
            + "\n".join(trace)
        )
        self.seed = seed
        self.trace = trace


async def live(base: str, seed: int, steps: int, *, without: Sequence[str] = ()) -> list[str]:
    """Live so many steps by this seed, in a database of its own: sweepers go over everything that is there.

    Args:
        base: the superuser's address of the server, on which `foyer` is the migrated database.
        seed: of all dice.
        steps: how many.
        without: statements by the owner, who may drop a guard.

    Returns:
        What was done and what came of it, a line each.

    Raises:
        LifeError: the books broke.
    """
    name = f"life_{os.getpid()}"
    await database_of_its_own(base, name)
    try:
        owner = await asyncpg.connect(url_of(OWNER, name, base))
        for statement in without:
            await owner.execute(statement)
        await owner.close()
        return await _live(url_of(APP, name, base), seed, steps)
    finally:
        await drop_database(base, name)


async def _live(url: str, seed: int, steps: int) -> list[str]:
    network, trace = Network(), list[str]()
    async with trading(
        url, clock_offset=BEGINNING - datetime.now(UTC), behind=lambda provider: Unreliable(provider, network)
    ) as trade:
        town = Town(trade, Random(seed), await trade.database.connect())
        try:
            town.pin()
            await settle_down(town)
            for number in range(1, steps + 1):
                await asyncio.wait_for(_step(town, number, trace), PATIENCE_SECONDS)
            trace.append("everything that was left open is taken up again")
            await asyncio.wait_for(_take_up(town), PATIENCE_SECONDS)
        except Exception as problem:
            raise LifeError(seed, trace, problem) from problem
        finally:
            await town.reader.close()
    return trace


async def _step(town: Town, number: int, trace: list[str]) -> None:
    outcome = None
    trace.append("")
    while outcome is None:  # what nobody is there for is no step
        town.pin()
        operation = town.dice.choices(list(OPERATIONS), list(OPERATIONS.values()))[0]
        trace[-1] = f"{number:5} {operation.__name__}"
        outcome = await operation(town)
    trace[-1] = f"{number:5} {town.now - BEGINNING}  {outcome.text}"
    after, differences = await _books(town)
    if differences:
        raise BrokenError("; ".join(_told(town, one) for one in differences))
    judge(town, outcome, after)
    town.view = after


async def _books(town: Town) -> tuple[View, list[Difference]]:
    """As the audit sees them, on a connection that keeps its plans: they are the same after every step."""
    async with town.reader.transaction(isolation="repeatable_read", readonly=True):
        await town.reader.execute(f"SET LOCAL app.organization_id = '{town.trade.id}'")
        differences = [one async for one in audit(town.reader, town.trade.id)]
        return await look(town.reader, town.trade.id), differences


def _told(town: Town, one: Difference) -> str:
    return f"{one.check}: {town.names.get(one.subject_id, one.subject_id)} should be {one.expected}, and is {one.found}"


async def _take_up(town: Town) -> None:
    """Providers answer, calls come, the sweeper goes round: then their books are ours."""
    sandbox, network = town.trade.sandbox, town.network
    network.plan.clear()
    for _ in range(5):
        town.pass_time(timedelta(minutes=1))
        for key, refund in sandbox.refunds.items():
            if refund.status is Said.PENDING:
                sandbox.finish_refund(key)
        await town.trade.sweep()
        for charge in sandbox.charges.values():
            await town.trade.follow_up(charge.intent.order_id, charge.intent.key)
    _, differences = await _books(town)
    if differences:
        raise BrokenError("; ".join(_told(town, one) for one in differences))
    await _compare_with_the_sandbox(town)


async def _compare_with_the_sandbox(town: Town) -> None:
    trade, ours, back = town.trade, dict[str, int](), dict[object, tuple[str, int]]()
    async with trade.database.read(trade.id) as tx:
        page = await transactions(
            tx,
            TransactionFilter(type=TransactionType.PURCHASE, payment_method="sandbox"),
            cursor=None,
            limit=100_000,
        )
        for one in page.items:
            ours[one.payment_intent_id or ""] = one.amount
        for order_id in town.view.orders:
            for refund in await refunds_of_order(tx, order_id):
                if refund.provider == "sandbox" and refund.status in {
                    RefundStatus.COMPLETED,
                    RefundStatus.PENDING,
                }:
                    back[refund.id] = (refund.status.value, refund.amount)
    if ours != trade.sandbox.paid():
        raise BrokenError(f"the provider was paid {trade.sandbox.paid()}, and we know of {ours}")
    theirs = {
        key: ("completed", one.intent.amount)
        for key, one in trade.sandbox.refunds.items()
        if one.status is Said.SUCCEEDED
    }
    if theirs != back:
        raise BrokenError(f"the provider gave back {theirs}, and we know of {back}")


__all__ = ["LifeError", "live"]
