"""The page of a cart whose time has run out: what ended, and the same tickets with one press where they are still there."""

from uuid import UUID

from foyer.domains.events.types import TicketTypeDraft
from tests.support.world import make_event
from tests.web.conftest import words
from tests.web.seat import form_of

SEAT = TicketTypeDraft(name="Seat", quantity=4, price=1_050)
SWEPT = "UPDATE carts SET status = 'expired', created_at = created_at - interval '1 hour', expires_at = foyer_now() - interval '1 minute' WHERE id = $1"


async def expired(visitor, owner_sql, event, count):
    """The path of a cart of so many seats, after its places went back."""
    path = await visitor.cart(event, count)
    await owner_sql.execute(SWEPT, UUID(path.rpartition("/")[2]))
    await owner_sql.execute(
        "UPDATE pools SET held = held - $2 WHERE organization_id = $1 AND held > 0", visitor.shop.id, count
    )
    return path


async def test_same_tickets_are_taken_again_with_one_press(visitor, database, organization, owner_sql):
    event = await make_event(database, organization, SEAT)
    path = await expired(visitor, owner_sql, event, 2)

    page = await visitor.open(path)
    assert page.status_code == 410
    assert "No money was taken. The same tickets are still there" in words(page.text)
    action = f"/{organization.slug}/events/{event.slug}/reserve"
    fields = {name: value for name, (value, *_) in form_of(page.text, action).items()}
    taken = await visitor.send(f"/events/{event.slug}/reserve", fields)

    assert taken.status_code == 303
    again = taken.headers["location"].removeprefix(f"/{organization.slug}")
    assert again != path
    assert "2 × Seat" in words((await visitor.open(again)).text)


async def test_page_says_how_many_are_left_where_some_are_gone(
    visitor, other_visitor, database, organization, owner_sql
):
    event = await make_event(database, organization, SEAT)
    path = await expired(visitor, owner_sql, event, 3)
    await other_visitor.cart(event, 2)

    page = (await visitor.open(path)).text

    assert "Not all of these tickets are still there." in words(page)
    assert "Seat : 2 left" in words(page)
    assert "/reserve" not in page
