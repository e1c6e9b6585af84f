"""The waiting list in the shop: asked for on the page of a sold-out event, taken up or left by the link in the mail."""

import re
from uuid import UUID

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.waiting import join_line, waiting
from foyer.domains.waiting.desk import offer_next
from foyer.domains.waiting.types import WaitingWish
from foyer.infra.batching import Counter
from foyer.kernel.actor import visitor as anybody
from tests.support.waiting import in_line
from tests.support.world import KEYRING, make_event
from tests.web.conftest import CONTACT, hidden, words
from tests.web.seat import seated

SEAT = TicketTypeDraft(name="Seat", quantity=2, price=1_000)


@pytest.fixture
async def sold_out(visitor, database, organization):
    """An event whose two places are held by a cart of somebody else, and the path of that cart."""
    event = await make_event(database, organization, SEAT)
    path = await visitor.cart(event, 2)
    visitor.http.cookies.clear()
    return event, path


def asked(event, **changes):
    return {
        "waiting-type": str(event.ticket_types[0].id), "waiting-quantity": "2", "waiting-email": "ida@example.org", **changes,
    }  # fmt: skip


async def lines_of(owner_sql, organization):
    rows = await owner_sql.fetch(
        "SELECT status, quantity, language FROM waiting_list WHERE organization_id = $1 ORDER BY id",
        organization.id,
    )
    return [tuple(row) for row in rows]


async def offered(database, organization, owner_sql, event):
    """Offer places to the next in line; the link in their mail, below the shop."""
    async with database.batch(organization.id) as connection:
        assert await offer_next(connection, Counter(organization.id, event.id), KEYRING.new_session) == 1
    waiting_id = await owner_sql.fetchval("SELECT id FROM waiting_list WHERE event_id = $1", event.id)
    return f"/waiting/{waiting_id}?key={KEYRING.holder_token('waiting', organization.id, waiting_id)}"


async def taken(visitor, link):
    """The path of the offered cart, which this browser takes."""
    answer = await visitor.send(link.replace("?", "/cart?"), {})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/{visitor.shop.slug}")


@pytest.fixture
async def offer(database, organization, owner_sql):
    """An event of which two places are offered to somebody, and the link in their mail."""
    event = await make_event(
        database, organization, SEAT, TicketTypeDraft(name="Standing", quantity=9, price=500)
    )
    kind = event.ticket_types[0].id
    await owner_sql.execute("UPDATE pools SET sold = capacity WHERE id IN (SELECT pool_id FROM ticket_type_pools WHERE ticket_type_id = $1)", kind)  # fmt: skip
    wish = WaitingWish(event_id=event.id, ticket_type_id=kind, quantity=2, email="ida@example.org")
    async with database.write(organization.id) as tx:
        await join_line(tx, wish, language="en", actor=anybody(organization.id))
    await owner_sql.execute("UPDATE pools SET sold = 0 WHERE organization_id = $1", organization.id)
    return event, await offered(database, organization, owner_sql, event)


async def test_from_the_page_of_a_sold_out_event_to_a_ticket(
    visitor, database, organization, owner_sql, sold_out
):
    event, cart = sold_out
    page = (await visitor.open(f"/events/{event.slug}")).text
    assert 'id="waiting"' in page

    answer = await visitor.send(
        f"/events/{event.slug}/waiting-list", asked(event), **{"Accept-Language": "de"}
    )
    assert (answer.status_code, "Sie stehen auf der Warteliste" in answer.text) == (200, True)
    assert await lines_of(owner_sql, organization) == [("waiting", 2, "de")]
    again = await visitor.send(
        f"/events/{event.slug}/waiting-list", asked(event), **{"Accept-Language": "de"}
    )
    assert again.text == answer.text, "nothing tells who stands in line"
    assert await lines_of(owner_sql, organization) == [("waiting", 2, "de")]

    await owner_sql.execute(
        "UPDATE carts SET status = 'expired' WHERE id = $1", UUID(cart.rpartition("/")[2])
    )
    await owner_sql.execute("UPDATE pools SET held = 0 WHERE organization_id = $1", organization.id)
    link = await offered(database, organization, owner_sql, event)
    place = await visitor.open(link)
    assert "There are places for you" in place.text
    path = await taken(visitor, link)
    total = hidden((await visitor.open(path)).text, "expectedTotal")
    placed = await visitor.send(f"{path}/checkout", {**CONTACT, "expectedTotal": total})

    assert placed.status_code == 303
    assert "/orders/" in placed.headers["location"]
    assert "You took your places" in (await visitor.open(link)).text


async def test_offer_that_is_taken_takes_no_other_cart_away(visitor, database, organization, offer):
    _, link = offer
    other = await visitor.cart(await make_event(database, organization, SEAT), 1)

    path = await taken(visitor, link)

    for cart in (other, path):
        assert hidden((await visitor.open(cart)).text, "expectedTotal")


async def test_forwarded_offer_shares_its_cart_and_nothing_else(
    visitor, other_visitor, database, organization, offer
):
    _, link = offer
    path = await taken(visitor, link)
    own = await visitor.cart(await make_event(database, organization, SEAT), 1)

    assert await taken(other_visitor, link) == path

    assert (await other_visitor.open(path)).status_code == 200
    assert [(await one.open(at)).status_code for one, at in ((visitor, path), (other_visitor, own))] == [
        404,
        404,
    ]
    assert (await visitor.open(own)).status_code == 200


async def test_offer_waits_for_who_holds_other_places_of_its_event(visitor, owner_sql, organization, offer):
    event, link = offer
    own = await visitor.cart(event, 0, 1)
    sessions = "SELECT session_id FROM carts WHERE organization_id = $1 ORDER BY id"
    before = await owner_sql.fetch(sessions, organization.id)

    refused = await visitor.send(link.replace("?", "/cart?"), {})

    assert (refused.status_code, "holds other places for this event" in refused.text) == (409, True)
    assert f'href="/{organization.slug}{own}">To those places</a>' in refused.text
    assert await owner_sql.fetch(sessions, organization.id) == before
    assert (await visitor.open(own)).status_code == 200
    await owner_sql.execute("UPDATE carts SET status = 'expired' WHERE id = $1", UUID(own.rpartition("/")[2]))
    assert (await visitor.open(await taken(visitor, link))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"waiting-quantity": "0"}, "waiting-quantity"),
        ({"waiting-quantity": "ten"}, "waiting-quantity"),
        ({"waiting-quantity": "9" * 5_000}, "waiting-quantity"),
        ({"waiting-email": "nobody"}, "waiting-email"),
        ({"waiting-type": "x"}, None),
    ],
)
async def test_what_was_typed_comes_back_with_what_is_wrong(
    visitor, organization, owner_sql, sold_out, changes, field
):
    event, _ = sold_out
    answer = await visitor.send(f"/events/{event.slug}/waiting-list", asked(event, **changes))

    assert answer.status_code == 422
    assert field is None or f'id="{field}-error"' in answer.text
    assert changes.get("waiting-email", "ida@example.org") in answer.text
    assert await lines_of(owner_sql, organization) == []


async def test_who_can_buy_is_not_asked_to_wait(visitor, database, organization, owner_sql):
    event = await make_event(database, organization, SEAT)
    assert 'id="waiting"' not in (await visitor.open(f"/events/{event.slug}")).text

    answer = await visitor.send(f"/events/{event.slug}/waiting-list", asked(event))

    assert (answer.status_code, "can be had now" in answer.text) == (409, True)
    assert await lines_of(owner_sql, organization) == []


async def test_place_in_line_is_left_with_its_link_and_never_without(
    visitor, database, organization, owner_sql
):
    waiting_id = (await in_line(database, organization)).id
    key = KEYRING.holder_token("waiting", organization.id, waiting_id)
    for wrong in (
        "",
        "?key=",
        "?key=fyc_x",
        f"?key={KEYRING.holder_token('order', organization.id, waiting_id)}",
    ):
        for path in (f"/waiting/{waiting_id}{wrong}", f"/waiting/{waiting_id}/cart{wrong}"):
            assert (await visitor.send(path, {})).status_code == 404
    page = (await visitor.open(f"/waiting/{waiting_id}?key={key}")).text
    assert "You are next in line." in page
    assert (await lines_of(owner_sql, organization))[0][0] == "waiting", "looking changes nothing"

    left = await visitor.send(f"/waiting/{waiting_id}?key={key}", {})

    assert left.status_code == 303
    assert "You left the waiting list" in (await visitor.http.get(left.headers["location"])).text
    assert (await lines_of(owner_sql, organization))[0][0] == "left"


async def test_staff_see_the_line_and_take_it_along(client, database, organization):
    waiting_id = (await in_line(database, organization)).id
    async with database.read(organization.id) as tx:
        place = await waiting(tx, waiting_id)
    empty = await make_event(database, organization, SEAT)
    async with seated(client, organization) as seat:
        at = f"/office/events/{place.event_id}/waiting-list"
        page = await seat.open(at)
        assert re.search(r"patient@example.org.*2 × .*Last one.*Waiting", words(page), re.DOTALL)
        assert "patient@example.org" in await seat.open(f"{at}?status=waiting")
        assert "Nobody is in this state" in await seat.open(f"{at}?status=taken")
        assert "patient@example.org" in await seat.open(f"{at}?status=nonsense")
        assert "Nobody waits" in await seat.open(f"/office/events/{empty.id}/waiting-list")
        file = await seat.http.get(f"{at}/export")
    assert file.headers["content-type"].startswith("text/csv")
    assert "patient@example.org,Last one,2,waiting" in file.text


async def test_place_in_line_for_a_cancelled_event_says_so(visitor, office, database, organization):
    place = await in_line(database, organization)
    at = f"/waiting/{place.id}?key={KEYRING.holder_token('waiting', organization.id, place.id)}"

    await office.call_off(place.event_id)

    page = await visitor.open(at)
    said = words(page.text)
    assert (
        page.status_code,
        "This event is cancelled The waiting list has ended; it cost you nothing." in said,
    ) == (200, True)
    form = f'action="/{organization.slug}{at.partition("?")[0]}'
    assert ("in line" in said, form in page.text) == (False, False)
