"""Losers of a rush hear that it is sold out without asking the database, and only they, and only for a moment."""

import asyncio
import time

import pytest

from foyer.domains.carts import CartEdit, EditAsk, Replay, ReserveAsk, Reserved, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import Desks
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.errors import SoldOut
from foyer.kernel.ids import uuid7
from tests.support.installation import buyers, imbalances
from tests.support.world import KEYRING, make_event

LOSERS = 200
KNOWN_SECONDS = 0.25


@pytest.fixture
async def desks(app_url):
    house = Desks(Database(app_url, pool_size=1), KEYRING, max_batch=256)
    yield house
    await house.close()


@pytest.fixture
async def event(database, organization):
    """One place of the first type, ten of the second."""
    return await make_event(
        database,
        organization,
        TicketTypeDraft(name="Throne", quantity=1, is_free=True),
        TicketTypeDraft(name="Bench", quantity=10, is_free=True),
    )


def wish(event, *wanted: int, session: str | None = None, key: str | None = None) -> ReserveAsk:
    """So many of each type."""
    lines = [
        WantedLine(ticket_type_id=kind.id, quantity=quantity)
        for kind, quantity in zip(event.ticket_types, wanted, strict=False)
        if quantity
    ]
    replay = Replay(b"a" * 32, key, b"b" * 32) if key else None
    return ReserveAsk(uuid7(), session, KEYRING.new_session(), regular_lines(lines), replay)


def told(answer) -> dict[str, object]:
    """What a refusal says, without the number of its request."""
    return {name: text for name, text in answer.json().items() if name != "requestId"}


async def all_want(desks: Desks, counter: Counter, asks: list[ReserveAsk]) -> list[object]:
    return await asyncio.gather(*(desks.reserve.ask(counter, ask) for ask in asks), return_exceptions=True)


async def test_losers_of_a_rush_cost_no_statement_and_hear_the_same(
    desks, event, organization, owner, monkeypatch
):
    counter = Counter(organization.id, event.id)
    won = await desks.reserve.ask(counter, wish(event, 1))
    (first,) = await all_want(desks, counter, [wish(event, 1)])
    batches = desks.reserve.tally.batches
    losers = await all_want(desks, counter, [wish(event, 1) for _ in range(LOSERS)])
    assert desks.reserve.tally.batches == batches
    assert desks.reserve.tally.known == LOSERS
    assert {(type(one), one.detail, one.field) for one in losers} == {(SoldOut, first.detail, first.field)}
    assert len({id(one) for one in losers}) == LOSERS

    monkeypatch.setattr(desks.reserve, "_known", None)  # the control: without it they all come to the desk
    others = await all_want(desks, counter, [wish(event, 1) for _ in range(LOSERS)])
    assert desks.reserve.tally.batches > batches
    assert {(type(one), one.detail, one.field) for one in others} == {(SoldOut, first.detail, first.field)}
    assert await owner.fetchval("SELECT count(*) FROM carts WHERE event_id = $1", event.id) == 1
    assert won.is_new
    assert await imbalances(owner, organization.id) == []


async def test_what_is_not_out_is_sold_and_who_has_a_cart_is_shown_it(desks, event, organization):
    counter = Counter(organization.id, event.id)
    mine = await desks.reserve.ask(counter, wish(event, 1, key="the key of a wish"))
    with pytest.raises(SoldOut):
        await desks.reserve.ask(counter, wish(event, 1))
    await desks.reserve.ask(counter, wish(event, 0, 6))
    with pytest.raises(SoldOut):
        await desks.reserve.ask(counter, wish(event, 0, 5))
    assert (await desks.reserve.ask(counter, wish(event, 0, 4))).is_new
    again = await desks.reserve.ask(counter, wish(event, 1, key="the key of a wish"))
    shown = await desks.reserve.ask(counter, wish(event, 1, session=mine.cart.session_id))
    assert [again, shown] == [Reserved(mine.cart, is_new=False)] * 2
    assert desks.reserve.tally.known == 0


@pytest.mark.parametrize("giver", [0, 1], ids=["here", "in another process"])
async def test_place_given_back_is_sold_at_once_here_and_soon_elsewhere(house, organization, event, giver):
    wanted = {event.ticket_types[0].id: 1}
    async with buyers(house.urls, organization) as shop:
        cart = (await shop.reserve(0, event.id, wanted)).json()
        refused = await shop.reserve(0, event.id, wanted)
        assert refused.json()["code"] == "sold_out"
        holder = {"Authorization": f"Bearer {cart['token']}"}
        gone = await shop.client.delete(f"{shop._shop(giver)}/carts/{cart['id']}", headers=holder)
        assert gone.status_code == 204
        given_back = time.monotonic()
        answers = [await shop.reserve(0, event.id, wanted)]
        while answers[-1].status_code == 409 and time.monotonic() < given_back + 2:
            await asyncio.sleep(0.02)
            answers.append(await shop.reserve(0, event.id, wanted))
    assert answers[-1].status_code == 201
    assert all(told(one) == told(refused) for one in answers[:-1])
    if giver == 0:
        assert len(answers) == 1
    assert time.monotonic() - given_back < KNOWN_SECONDS + 0.75


async def test_change_that_is_seen_while_a_place_comes_back_does_not_stay_on_the_board(
    desks, event, organization
):
    """Refusals and releases cross each other many times; whoever asks after a release is never told of what was before."""
    counter = Counter(organization.id, event.id)
    for _ in range(20):
        mine = await desks.reserve.ask(counter, wish(event, 1))
        crossing = [asyncio.create_task(desks.reserve.ask(counter, wish(event, 1))) for _ in range(5)]
        await desks.edit.ask(counter, EditAsk(mine.cart.id, CartEdit(releases=True)))
        outcomes = await asyncio.gather(*crossing, return_exceptions=True)
        lucky = [one for one in outcomes if isinstance(one, Reserved)]
        if not lucky:
            lucky = [await desks.reserve.ask(counter, wish(event, 1))]
        assert len(lucky) == 1
        await desks.edit.ask(counter, EditAsk(lucky[0].cart.id, CartEdit(releases=True)))
