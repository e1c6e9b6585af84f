"""Experiments with orders that wait, and with codes that may be used so often; as those in `experiments`."""

import asyncio

import pytest

from foyer.domains.carts import CartEdit, EditAsk, raise_uses
from foyer.domains.checkout import approve_order, place_ask
from foyer.domains.checkout.desk import settle
from foyer.domains.customers.types import Customer
from foyer.domains.events import create_discount
from foyer.domains.events.types import DiscountDraft
from foyer.domains.payments import PROVIDERS
from foyer.kernel.errors import Conflict
from foyer.kernel.ids import uuid7
from tests.races.experiments import Arena, Meeting, _purchase, defects, home_of, houses


def meet(here: Arena, patch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Let whoever comes to this function wait for a rival first."""
    real = getattr(module, name)
    meeting = Meeting(here.meeting._patience)
    meeting.call()

    async def waiting(*given, **named):
        await meeting.wait()
        return await real(*given, **named)

    patch.setattr(module, name, waiting)


async def approved_twice(here: Arena) -> list[str]:
    """Two members of staff approve one free order, while another buyer holds places."""
    await here.owner.execute(
        "UPDATE ticket_types SET requires_approval = true WHERE organization_id = $1", here.organization.id
    )
    async with houses(here, 1) as (one,):
        cart = await one.reserve.ask(here.counter, here.wish(3))
        order = (await one.place.ask(here.counter, _purchase(cart.cart.id))).order
        await one.reserve.ask(here.counter, here.wish(4))

    async def approve() -> None:
        async with here.database.write(here.organization.id) as tx:
            await approve_order(tx, order.id, actor=here.organization.owner, providers=PROVIDERS)

    with pytest.MonkeyPatch.context() as patch:
        meet(here, patch, home_of(settle), "behind")
        outcomes = await asyncio.gather(approve(), approve(), return_exceptions=True)
    refused = sum(isinstance(one, Conflict) for one in outcomes)
    return (
        defects(outcomes) + await here.imbalances() + ([] if refused == 1 else [f"refused {refused} times"])
    )


async def one_buyer_twice(here: Arena) -> list[str]:
    """One buyer, who is known, checks out two carts with a code that each buyer may use once."""
    async with here.database.write(here.organization.id) as tx:
        code = await create_discount(
            tx, DiscountDraft(code="ONCE", percentage=50, uses_per_customer=1), actor=here.organization.owner
        )
    await here.owner.execute(
        "INSERT INTO discount_uses VALUES ($1, $2, 'jo@example.org')", here.organization.id, code.id
    )
    await here.owner.execute(
        "INSERT INTO customers (organization_id, id, email, email_key) VALUES ($1, $2, 'jo@example.org', 'jo@example.org')",
        here.organization.id,
        uuid7(),
    )
    await here.owner.execute(
        "UPDATE ticket_types SET price = 1000 WHERE organization_id = $1", here.organization.id
    )
    async with houses(here, 2) as two:
        carts = [(await two[0].reserve.ask(here.counter, here.wish(1))).cart.id for _ in range(2)]
        for cart_id in carts:
            await two[0].edit.ask(here.counter, EditAsk(cart_id, CartEdit(code="ONCE")))
        buyer = Customer(email="jo@example.org")
        asks = [place_ask(cart_id, buyer, [], "manual", known_methods=PROVIDERS) for cart_id in carts]
        with pytest.MonkeyPatch.context() as patch:
            meet(here, patch, home_of(raise_uses), "move_uses")
            outcomes = await asyncio.gather(
                *(one.place.ask(here.counter, ask) for one, ask in zip(two, asks, strict=True)),
                return_exceptions=True,
            )
    query = "SELECT count(*) FROM orders WHERE organization_id = $1 AND discount_code IS NOT NULL"
    used = await here.owner.fetchval(query, here.organization.id)
    return defects(outcomes) + ([] if used == 1 else [f"used {used} times"])


async def last_use(here: Arena) -> list[str]:
    """Two buyers at two processes want the last use of a code."""
    async with here.database.write(here.organization.id) as tx:
        await create_discount(
            tx, DiscountDraft(code="LAST", percentage=50, max_uses=1), actor=here.organization.owner
        )
    await here.owner.execute(
        "UPDATE ticket_types SET price = 1000 WHERE organization_id = $1", here.organization.id
    )
    async with houses(here, 2) as two:
        carts = [(await two[0].reserve.ask(here.counter, here.wish(1))).cart.id for _ in range(2)]
        ask = [EditAsk(cart_id, CartEdit(code="LAST")) for cart_id in carts]
        with pytest.MonkeyPatch.context() as patch:
            meet(here, patch, home_of(type(two[0].edit.desk)), "rewrite_carts")
            outcomes = await asyncio.gather(
                *(one.edit.ask(here.counter, edit) for one, edit in zip(two, ask, strict=True)),
                return_exceptions=True,
            )
    query = "SELECT count(*) FROM carts WHERE organization_id = $1 AND discount_code IS NOT NULL"
    held = await here.owner.fetchval(query, here.organization.id)
    return defects(outcomes) + ([] if held == 1 else [f"held {held} times"])
