"""What organizers do with what is on sale: more or fewer places, other prices, codes, types and whole events that come and go."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from msgspec.structs import replace

from foyer.domains.checkout import cancel_event
from foyer.domains.events import (
    add_ticket_type,
    delete_discount,
    delete_ticket_type,
    edit_discount,
    edit_event,
    edit_pool,
    edit_ticket_type,
    event_for_staff,
)
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import FoyerError
from tests.simulation.outcome import Outcome, did, refused, stands
from tests.simulation.town import MONEY, Town, new_type, open_evening, print_code, take_types


async def _write(town: Town, what: str, work: Callable[[Tx], Awaitable[object]]) -> Outcome:
    """One edit by staff; orders, carts and events stay as they are."""
    try:
        async with town.trade.database.write(town.trade.id) as tx:
            await work(tx)
    except FoyerError as no:
        return refused(what, no)
    return did(what)


async def resize_type(town: Town) -> Outcome | None:
    evening, count = town.evening(), town.dice.randint(0, 14)
    kind = town.pick(town.on_offer(evening))
    return await _write(
        town,
        f"{count} places of {kind.name}",
        lambda tx: edit_ticket_type(
            tx,
            evening.id,
            kind.id,
            lambda draft: replace(draft, quantity=count),
            actor=town.trade.organization.owner,
        ),
    )


async def resize_event(town: Town) -> Outcome | None:
    evening, count = town.evening(), town.dice.choice((0, 3, 8, 15, 30))
    actor = town.trade.organization.owner
    return await _write(
        town,
        f"{count or 'endless'} places at {evening.name}",
        lambda tx: edit_event(tx, evening.id, lambda draft: replace(draft, capacity=count), actor=actor),
    )


async def share_otherwise(town: Town) -> Outcome | None:
    """An area gets another size, or other types draw on it, with all places they have taken."""
    evening = town.evening()
    if not evening.areas:
        return None
    offered = town.on_offer(evening)
    kinds = town.dice.sample(offered, min(len(offered), town.dice.randint(1, 3)))
    count, area = town.dice.randint(2, 20), evening.areas[0]
    ids = [kind.id for kind in kinds]
    return await _write(
        town,
        f"{count} places in the area for {', '.join(sorted(kind.name for kind in kinds))}",
        lambda tx: edit_pool(
            tx,
            evening.id,
            area,
            lambda draft: replace(draft, capacity=count, ticket_type_ids=ids),
            actor=town.trade.organization.owner,
        ),
    )


async def reprice(town: Town) -> Outcome | None:
    evening = town.evening()
    kind, price = town.pick(town.on_offer(evening)), town.pick(MONEY[evening.currency])
    return await _write(
        town,
        f"{kind.name} costs {price}",
        lambda tx: edit_ticket_type(
            tx,
            evening.id,
            kind.id,
            lambda draft: replace(draft, price=price, is_free=None),
            actor=town.trade.organization.owner,
        ),
    )


async def add_type(town: Town) -> Outcome | None:
    evening = town.evening()
    draft = new_type(town, len(evening.kinds), evening.currency)

    async def work(tx: Tx) -> None:
        await add_ticket_type(tx, evening.id, draft, actor=town.trade.organization.owner)
        take_types(evening, await event_for_staff(tx, evening.id))

    return await _write(town, f"add {draft.name} to {evening.name}", work)


async def delete_type(town: Town) -> Outcome | None:
    """Goes only while nobody has a place of it."""
    evening = town.evening()
    kind = town.pick(town.on_offer(evening))
    is_taken = any(
        town.view.pools[pool].held + town.view.pools[pool].sold for pool in town.view.drawn[kind.id]
    ) and _has_places(town, kind.id)
    outcome = await _write(
        town,
        f"delete {kind.name}",
        lambda tx: delete_ticket_type(tx, evening.id, kind.id, actor=town.trade.organization.owner),
    )
    if not outcome.is_refusal:
        assert not is_taken, f"{kind.name} was deleted with places that people have"
        kind.is_gone = True
    return outcome


def _has_places(town: Town, kind_id: UUID) -> bool:
    in_carts = any(
        kind_id == kind
        for cart in town.view.carts.values()
        if cart.status == "active"
        for kind, _ in cart.lines
    )
    in_orders = any(
        line.kind_id == kind_id and (order.is_open or line.valid or line.used)
        for order in town.view.orders.values()
        for line in order.lines
    )
    return in_carts or in_orders


async def new_code(town: Town) -> Outcome | None:
    if sum(not one.is_gone for one in town.codes) > 4:
        return None
    return did(f"print {(await print_code(town)).code}")


async def limit_code(town: Town) -> Outcome | None:
    code = town.pick(town.codes)
    uses, each = town.dice.choice((1, 2, 5, None)), town.dice.choice((1, 2, None))
    return await _write(
        town,
        f"{code.code} for {uses or 'endless'} uses, {each or 'endless'} each",
        lambda tx: edit_discount(
            tx,
            code.id,
            lambda draft: replace(draft, max_uses=uses, uses_per_customer=each),
            actor=town.trade.organization.owner,
        ),
    )


async def delete_code(town: Town) -> Outcome | None:
    code = town.pick(town.codes)
    outcome = await _write(
        town,
        f"delete {code.code}",
        lambda tx: delete_discount(tx, code.id, actor=town.trade.organization.owner),
    )
    code.is_gone = code.is_gone or not outcome.is_refusal
    return outcome


async def call_off(town: Town) -> Outcome | None:
    """An event is cancelled; its carts and orders are wound up by the sweeper."""
    evening = town.evening()

    async def work(tx: Tx) -> None:
        await cancel_event(tx, evening.id, actor=town.trade.organization.owner)

    outcome = await _write(town, f"cancel {evening.name}", work)
    if outcome.is_refusal:
        return outcome
    then = [stands("events", evening.id, status="cancelled", is_wound_up=False)]
    return outcome._replace(may=frozenset({evening.id}), then=tuple(then))


async def new_event(town: Town) -> Outcome | None:
    if sum(town.is_selling(one) for one in town.evenings) > 2:
        return None
    evening = await open_evening(town, town.pick(sorted(MONEY)))
    return did(f"open {evening.name} in {evening.currency}", evening.id)


OPERATIONS: Mapping[object, int] = {
    resize_type: 3, resize_event: 2, share_otherwise: 2, reprice: 2, add_type: 1, delete_type: 2, new_code: 2, limit_code: 2,
    delete_code: 1, call_off: 1, new_event: 4,
}  # fmt: skip

__all__ = ["OPERATIONS"]
