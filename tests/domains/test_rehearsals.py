"""The copy of an event for a rehearsal: complete, apart from its original, gone without a trace; and books that see what is wrong."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from foyer.cli.rehearse.books import read_books
from foyer.cli.rehearse.clone import make_clone, places_of, require_sellable
from foyer.cli.rehearse.original import Found, find, read_original
from foyer.cli.rehearse.tally import Acknowledged
from foyer.domains.events import (
    add_ticket_type,
    create_discount,
    create_pool,
    create_tax_rate,
    discounts_of_event,
    event_for_staff,
    shared_pools,
    tax_rate,
)
from foyer.domains.events.types import DiscountDraft, SharedPoolDraft, TaxRateDraft, TicketTypeDraft
from foyer.domains.organizations import is_rehearsal, organization_for_staff
from foyer.infra.db.owner import NotRehearsalError, rehearsals, remove_rehearsal
from foyer.kernel.ids import uuid7
from foyer.settings import SettingsError
from tests.support.trade import trading
from tests.support.world import KEYRING, make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=60, price=2_500, max_per_order=4)
FREE = TicketTypeDraft(name="Free", quantity=40, is_free=True)


@pytest.fixture
async def original(database, organization):
    """An event with a taxed type, one of which nothing is shown, an area and two codes; one of them for another event."""
    event = await make_event(database, organization, SEAT, FREE, capacity=90, service_fee_percentage=5.0)
    await make_event(database, organization, title="Another evening")
    owner = organization.owner
    async with database.write(organization.id) as tx:
        rate = await create_tax_rate(
            tx, TaxRateDraft(name="VAT", rate_percentage=19, inclusive=True), actor=owner
        )
        hidden = TicketTypeDraft(name="Press", quantity=5, price=100, is_hidden=True, tax_rate_id=rate.id)
        press = await add_ticket_type(tx, event.id, hidden, actor=owner)
        seat = event.ticket_types[0].id
        area = SharedPoolDraft(name="Hall", capacity=50, ticket_type_ids=[seat, press.id])
        await create_pool(tx, event.id, area, actor=owner)
        code = DiscountDraft(code="EARLY", percentage=10, ticket_type_ids=[seat], max_uses=7)
        await create_discount(tx, code, actor=owner)
    return await read_original(database, Found(organization.id, event.id, "", ""))


async def cloned(database, original, places=None):
    async with database.write(uuid7()) as tx:
        return await make_clone(tx, KEYRING, original, places=places, lead=timedelta(seconds=5))


async def everything(owner_sql, organization_id):
    """Every row of an organization, by table."""
    tables = await owner_sql.fetch(
        "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'organization_id'"
    )
    rows = {
        one["name"]: sorted(
            str(tuple(row))
            for row in await owner_sql.fetch(
                f"SELECT * FROM {one['name']} WHERE organization_id = $1", organization_id
            )
        )
        for one in tables
    }
    rows["organizations"] = await owner_sql.fetch(
        "SELECT * FROM organizations WHERE id = $1", organization_id
    )
    rows["jobs"] = await owner_sql.fetch(
        "SELECT * FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1", str(organization_id)
    )
    return {name: found for name, found in rows.items() if found}


async def test_copy_sells_as_the_original_does(database, original):
    clone = await cloned(database, original)
    async with database.read(clone.organization_id) as tx:
        event, house = await event_for_staff(tx, clone.event.id), await organization_for_staff(tx)
        (area,), (code,) = await shared_pools(tx, event.id), await discounts_of_event(tx, event.id, most=9)
        now = await tx.now()
        seat, free, press = event.ticket_types
        rate = await tax_rate(tx, press.tax_rate_id)
        assert await is_rehearsal(tx)
    assert [(kind.name, kind.price, kind.quantity, kind.max_per_order, kind.is_hidden) for kind in (seat, free, press)] == [
        ("Seat", 2_500, 60, 4, False), ("Free", 0, 40, 10, False), ("Press", 100, 5, 10, True)
    ]  # fmt: skip
    assert (event.capacity, event.service_fee_percentage, event.visibility, event.status) == (
        90,
        5.0,
        "unlisted",
        "published",
    )
    assert now < event.sales_start_date <= now + timedelta(seconds=5)
    assert (area.name, area.capacity, set(area.ticket_type_ids)) == ("Hall", 50, {seat.id, press.id})
    assert (code.code, code.percentage, code.max_uses, code.ticket_type_ids) == ("EARLY", 10, 7, [seat.id])
    assert (rate.name, rate.rate_percentage, rate.inclusive) == ("VAT", 19, True)
    assert house.email.endswith(".example")
    assert clone.places == places_of(original.event, original.pools) == 90
    assert clone.code == "EARLY"
    assert [kind.id for kind in clone.shop("").kinds] == [str(seat.id), str(free.id)]


async def test_copy_with_other_places_has_exactly_so_many(database, original):
    clone = await cloned(database, original, places=33)
    async with database.read(clone.organization_id) as tx:
        (area,) = await shared_pools(tx, clone.event.id)
    assert clone.places == clone.event.capacity == 33
    assert [kind.quantity for kind in clone.event.ticket_types] == [22, 15, 2]
    assert area.capacity == 19


async def test_copy_leaves_its_original_alone_and_nothing_behind(database, organization, original, owner_sql):
    before = await everything(owner_sql, organization.id)
    clone = await cloned(database, original)
    assert await everything(owner_sql, organization.id) == before
    assert len(await everything(owner_sql, clone.organization_id)) > 10
    assert clone.organization_id in await rehearsals(owner_sql)

    await remove_rehearsal(owner_sql, clone.organization_id)

    assert await everything(owner_sql, clone.organization_id) == {}
    assert await everything(owner_sql, organization.id) == before


async def test_organization_of_somebody_is_never_removed(database, organization, original, owner_sql):
    before = await everything(owner_sql, organization.id)
    for nobody_may in (organization.id, uuid7()):
        with pytest.raises(NotRehearsalError):
            await remove_rehearsal(owner_sql, nobody_may)
    assert organization.id not in await rehearsals(owner_sql)
    assert await everything(owner_sql, organization.id) == before


async def test_event_is_found_by_what_people_write(database, organization, original, owner_sql):
    event = original.event
    for wanted in (
        str(event.id), f"{organization.slug}/{event.slug}", f" {organization.slug.upper()}/{event.slug}",
        f"/{organization.slug}/events/{event.slug}",
    ):  # fmt: skip
        assert (await find(owner_sql, wanted))[:2] == (organization.id, event.id)


async def test_event_that_is_not_clear_is_refused_with_those_that_could_be_meant(
    database, organization, owner_sql
):
    mine = await make_event(database, organization, title="Gala of the moon")
    other = await make_organization(database)
    await make_event(database, other, title="Gala of the moon")
    with pytest.raises(SettingsError) as several:
        await find(owner_sql, mine.slug)
    with pytest.raises(SettingsError) as none:
        await find(owner_sql, "moon")

    for said in (several, none):
        for house in (organization, other):
            assert f"\n  {house.slug}/{mine.slug}" in str(said.value)


async def test_event_without_places_or_over_is_refused(original):
    with pytest.raises(SettingsError, match="no ticket type"):
        require_sellable(
            original._replace(event=replace(original.event, ticket_types=[])), original.event.starts_at
        )
    with pytest.raises(SettingsError, match="is over"):
        require_sellable(original, original.event.ends_at)


@pytest.fixture
async def sold(app_url, owner_sql):
    """Two orders and a cart of an event with five places; each cart with a key of its own, as buyers of a rehearsal send it."""
    async with trading(app_url) as trade:
        event = await trade.event(TicketTypeDraft(name="Free", quantity=5, is_free=True))
        kind = event.ticket_types[0].id
        orders = [await trade.buy(event, {kind: 1}, f"{name}@example.org", "free") for name in ("jo", "al")]
        cart = await trade.reserve(event.id, {kind: 2})
        await owner_sql.execute(
            "UPDATE carts SET idempotency_key = id::text, actor_hash = '\\x00', body_hash = '\\x00' WHERE organization_id = $1",
            trade.id,
        )
        yield trade.id, Acknowledged([str(cart.id)], {str(order.id): 1 for order in orders})


async def test_books_of_a_right_sale_are_right(owner_sql, sold):
    books = await read_books(owner_sql, *sold)
    assert (books.orders, books.sold, books.in_carts) == (2, 2, 2)
    assert (books.oversold, books.doubled, books.lost, books.differences) == (0, 0, 0, [])
    assert books.is_right


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE cart_items SET quantity = 9 WHERE organization_id = $1", {"oversold": 6}),
        (("UPDATE carts SET idempotency_key = NULL, actor_hash = NULL, body_hash = NULL WHERE organization_id = $1"
         " AND status = 'active'"), {"doubled": 1}),
        ("UPDATE orders SET customer = '{\"email\": \"jo@example.org\"}' WHERE organization_id = $1", {"doubled": 1}),
        (("WITH gone AS (DELETE FROM cart_items WHERE organization_id = $1) DELETE FROM carts WHERE organization_id = $1"
         " AND status = 'active'"), {"lost": 1}),
        ("UPDATE tickets SET status = 'cancelled' WHERE organization_id = $1", {"lost": 2}),
        ("UPDATE pools SET held = held + 1 WHERE organization_id = $1", {}),
    ],
)  # fmt: skip
async def test_books_show_what_was_done_to_them(owner_sql, sold, damage, found):
    await owner_sql.execute(damage, sold[0])
    books = await read_books(owner_sql, *sold)
    for name in ("oversold", "doubled", "lost"):
        assert getattr(books, name) == found.get(name, 0), name
    assert found or books.differences
    assert not books.is_right
