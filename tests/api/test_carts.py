"""Carts in the hands of whoever holds their token: looked at, changed, dropped, lapsed."""

import asyncpg

from foyer.domains.checkout import sweep
from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, lines, pool_of, refused, taken
from tests.support.world import make_event

LAPSE = "UPDATE carts SET created_at = created_at - interval '1 h', expires_at = foyer_now() - interval '1 s' WHERE id = $1"


def free(name="Free", quantity=10, **more):
    return TicketTypeDraft(name=name, quantity=quantity, is_free=True, **more)


async def counted(owner_sql: asyncpg.Connection, event) -> list[int]:
    """Held places behind the event and behind each type."""
    kinds = [(await pool_of(owner_sql, "ticket_types", kind.id))[1] for kind in event.ticket_types]
    return [(await pool_of(owner_sql, "events", event.id))[1], *kinds]


async def test_cart_is_shown_to_whoever_has_its_token(shop, database, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    async with untouched(shop.organization):
        assert taken(await shop.look(cart)) == cart


async def test_quantities_are_set_and_places_follow(shop, database, owner_sql):
    event = await make_event(database, shop.organization, free(), free("More"), capacity=12)
    first, second = (kind.id for kind in event.ticket_types)
    cart = await shop.cart(event, (first, 3))

    more = taken(await shop.change(cart, (first, 5), (second, 2)))
    assert {line["name"]: line["quantity"] for line in more["items"]} == {"Free": 5, "More": 2}
    assert await counted(owner_sql, event) == [7, 5, 2]
    assert (more["expiresAt"], more["id"]) == (cart["expiresAt"], cart["id"])
    less = taken(await shop.change(cart, (first, 0)))
    assert [(line["name"], line["quantity"]) for line in less["items"]] == [("More", 2)]
    assert await counted(owner_sql, event) == [2, 0, 2]
    assert taken(await shop.change(cart, (second, 0)))["items"] == []
    assert await counted(owner_sql, event) == [0, 0, 0]


async def test_change_that_cannot_be_had_leaves_the_cart_as_it_was(shop, database, untouched, stranger):
    kinds = (
        free(min_per_order=2, max_per_order=4),
        free("Small", quantity=3),
        free("Hidden", is_hidden=True),
    )
    event = await make_event(database, shop.organization, *kinds)
    strange = await make_event(database, stranger)
    first, small, hidden = (kind.id for kind in event.ticket_types)
    cart = await shop.cart(event, (first, 2))
    missing = "0190a000-0000-7000-8000-000000000000"
    async with untouched(shop.organization, stranger):
        answers = [
            (await shop.change(cart, (first, 5)), 422, "over_limit", "items[0].quantity"),
            (await shop.change(cart, (first, 1)), 422, "under_minimum", "items[0].quantity"),
            (await shop.change(cart, (first, -1)), 422, "under_minimum", "items[0].quantity"),
            (await shop.change(cart), 422, "invalid_field", "items"),
            (await shop.change(cart, (first, 3), (small, 4)), 409, "sold_out", "items[1].quantity"),
            (await shop.change(cart, (first, 3), (hidden, 1)), 422, "invalid_field", "items[1].ticketTypeId"),
            (await shop.change(cart, (missing, 1)), 422, "invalid_field", "items[0].ticketTypeId"),
            (
                await shop.change(cart, (strange.ticket_types[0].id, 1)),
                422,
                "invalid_field",
                "items[0].ticketTypeId",
            ),
        ]
    for answer, status, code, field in answers:
        refused(answer, status, code, field)


async def test_refusal_names_the_line_that_was_sent(shop, database):
    """Also when a line before it takes something away."""
    event = await make_event(database, shop.organization, free(), free("Other"))
    first, second = (kind.id for kind in event.ticket_types)
    cart = await shop.cart(event, (first, 1))

    refused(
        await shop.change(cart, (first, 0), (second, 11)), 422, "over_limit", "items[1].quantity", "Other"
    )


async def test_sums_of_a_change_add_up(shop, database):
    event = await make_event(
        database, shop.organization, TicketTypeDraft(name="Gold", quantity=9, price=1_250)
    )
    cart = await shop.cart(event)

    changed = taken(await shop.change(cart, (event.ticket_types[0].id, 3)))
    assert (changed["subtotal"], changed["total"], changed["items"][0]["subtotal"]) == (3_750, 3_750, 3_750)


async def test_dropped_cart_gives_its_places_back_once(shop, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 4))

    answer = await shop.drop(cart)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await counted(owner_sql, event) == [0, 0]
    assert taken(await shop.look(cart))["status"] == "expired"
    async with untouched(shop.organization):
        refused(await shop.drop(cart), 410, "cart_expired")
        refused(await shop.change(cart, (event.ticket_types[0].id, 1)), 410, "cart_expired")
        refused(await shop.check_out(cart), 410, "cart_expired")


async def test_lapsed_cart_is_over_before_anybody_swept(shop, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 4))
    await owner_sql.execute(LAPSE, cart["id"])
    async with untouched(shop.organization):
        looked = taken(await shop.look(cart))
        refused(
            await shop.change(cart, (event.ticket_types[0].id, 1)), 410, "cart_expired", None, "back on sale"
        )
        refused(await shop.drop(cart), 410, "cart_expired")
        refused(await shop.check_out(cart), 410, "cart_expired")
    assert (looked["status"], [line["quantity"] for line in looked["items"]]) == ("expired", [4])
    assert await counted(owner_sql, event) == [4, 4], "places are given back by the sweeper alone"


async def test_looking_never_extends(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    for _ in range(3):
        assert taken(await shop.look(cart))["expiresAt"] == cart["expiresAt"]
    changed = taken(await shop.change(cart, (event.ticket_types[0].id, 2)))

    assert changed["expiresAt"] == cart["expiresAt"]


async def test_sweeper_gives_back_exactly_once(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    due, live = (
        await shop.cart(event, (event.ticket_types[0].id, 4)),
        await shop.cart(event, (event.ticket_types[0].id, 2)),
    )
    await owner_sql.execute(LAPSE, due["id"])
    for _ in range(2):
        await sweep(database)

    assert await counted(owner_sql, event) == [2, 2]
    assert (taken(await shop.look(due))["status"], taken(await shop.look(live))["status"]) == (
        "expired",
        "active",
    )


async def test_buyer_who_left_an_address_has_abandoned(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    await owner_sql.execute(
        'UPDATE carts SET customer = \'{"email": "jo@example.org"}\' WHERE id = $1', cart["id"]
    )
    await owner_sql.execute(LAPSE, cart["id"])
    await sweep(database)

    assert taken(await shop.look(cart))["status"] == "abandoned"


async def test_sweeper_completes_what_is_over(shop, database, owner_sql, office):
    event = await make_event(database, shop.organization)
    await owner_sql.execute(
        "UPDATE events SET starts_at = foyer_now() - interval '2 h', ends_at = foyer_now() - interval '1 h' WHERE id = $1",
        event.id,
    )
    await sweep(database)

    assert (await office.show(event.id))["status"] == "completed"


async def test_cart_that_became_an_order_stays_as_it_is(shop, database, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    taken(await shop.check_out(cart), 201)
    async with untouched(shop.organization):
        refused(
            await shop.change(cart, (event.ticket_types[0].id, 2)), 409, "state_conflict", "status", "order"
        )
        refused(await shop.drop(cart), 409, "state_conflict", "status", "order")
    assert taken(await shop.look(cart))["status"] == "converted"


async def test_cart_of_a_cancelled_event_ends(shop, office, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 3))
    taken(await office.ask("POST", f"/events/{event.id}/cancellation"))
    async with untouched(shop.organization):
        assert taken(await shop.look(cart))["status"] == "expired"
        refused(await shop.change(cart, (event.ticket_types[0].id, 1)), 410, "cart_expired")
    await sweep(database)
    assert await counted(owner_sql, event) == [0, 0]


async def test_token_of_another_cart_opens_nothing(shop, database, untouched):
    event = await make_event(database, shop.organization)
    mine, yours = await shop.cart(event), await shop.cart(event)
    crossed = {**yours, "token": mine["token"]}
    missing = {**yours, "id": "0190a000-0000-7000-8000-000000000000"}
    async with untouched(shop.organization):
        for act in (
            shop.look,
            shop.drop,
            shop.check_out,
            lambda cart: shop.change(cart, (event.ticket_types[0].id, 2)),
        ):
            told = refused(await act(crossed), 404, "not_found")
            assert {**told, "requestId": ""} == {
                **refused(await act(missing), 404, "not_found"),
                "requestId": "",
            }
        path = f"{shop.path}/carts/{yours['id']}"
        refused(await shop.client.get(path), 401, "unauthenticated")
        refused(await shop.client.get(path, headers=bearing("fyc_")), 404, "not_found")
        refused(await shop.client.get(path, headers=shop.organization.staff), 404, "not_found")
        refused(await shop.client.patch(path, json={"items": lines()}), 401, "unauthenticated")
