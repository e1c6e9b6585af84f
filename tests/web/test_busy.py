"""Too much at once, as people see it: a page that keeps what was typed, and no effect that comes twice."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import pytest

from foyer.kernel.errors import Busy
from foyer.web.shared import retrying
from tests.support.world import PASSWORD, make_event
from tests.web.conftest import CONTACT, hidden, words

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TRICKY = {**CONTACT, "firstName": 'Mi"ra <b>&', "lastName": "Bérg\r\nof Lund", "notes": ""}


@pytest.fixture
def full(client, monkeypatch):
    """There is no room for anybody, until the test says so."""
    room = client._transport.app.admission.shop
    monkeypatch.setattr(room, "places", 0)
    return lambda: monkeypatch.setattr(room, "places", 100)


@pytest.fixture
async def event(database, organization, visitor, client):
    event = await make_event(database, organization)
    assert (await visitor.open()).status_code == 200  # from now on this process knows the shop
    return event


@asynccontextmanager
async def held(owner_sql, table: str, organization) -> AsyncIterator[None]:
    """Somebody else has locked these rows and does not let go."""
    async with owner_sql.transaction():
        await owner_sql.execute(f"SELECT FROM {table} WHERE organization_id = $1 FOR UPDATE", organization.id)
        yield


def kept(page: str) -> list[tuple[str, str]]:
    """What the form of a page sends again."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page, re.DOTALL)
    return [(unescape(name), unescape(value)) for name, value in found]


def busy(answer) -> str:
    """Check that this is the page; returns it."""
    assert (answer.status_code, answer.headers["retry-after"] in {"1", "2", "3"}) == (503, True), answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Very busy right now" in words(answer.text)
    return answer.text


async def carts_of(owner_sql, organization) -> list[int]:
    query = "SELECT i.quantity FROM cart_items i WHERE i.organization_id = $1 ORDER BY i.cart_id"
    return [row[0] for row in await owner_sql.fetch(query, organization.id)]


async def test_choice_is_kept_and_taken_once(visitor, event, owner_sql):
    kind = event.ticket_types[0].id
    async with held(owner_sql, "pools", visitor.shop):
        answer = await visitor.reserve(event.slug, **{str(kind): 3})
        page = busy(answer)
    assert await carts_of(owner_sql, visitor.shop) == []
    assert kept(page) == [(f"quantity-{kind}", "3")]
    assert "Your choice of 3 tickets is kept" in words(page)
    assert f'action="/{visitor.shop.slug}/events/{event.slug}/reserve"' in page

    again = await visitor.send(f"/events/{event.slug}/reserve", dict(kept(page)))
    assert again.status_code == 303
    assert await carts_of(owner_sql, visitor.shop) == [3]


@pytest.mark.parametrize("keeps_session", [True, False], ids=["session", "control"])
async def test_reservation_whose_outcome_was_lost_is_not_made_twice(
    visitor, event, owner_sql, client, monkeypatch, keeps_session
):
    reserve = client.desks.reserve

    class Lost:
        """Writes, and never learns of it."""

        async def ask(self, *given, **more):
            await reserve.ask(*given, **more)
            raise Busy

    kind = event.ticket_types[0].id
    with monkeypatch.context() as patch:
        patch.setattr(client.desks, "reserve", Lost())
        page = busy(await visitor.reserve(event.slug, **{str(kind): 3}))
    if not keeps_session:
        visitor.http.cookies.clear()
    again = await visitor.send(f"/events/{event.slug}/reserve", dict(kept(page)))

    assert again.status_code == 303
    assert await carts_of(owner_sql, visitor.shop) == ([3] if keeps_session else [3, 3])


async def test_contact_is_kept_to_the_letter_and_ordered_once(visitor, event, owner_sql):
    path = await visitor.cart(event, 2)
    form = {**TRICKY, "expectedTotal": hidden((await visitor.open(path)).text, "expectedTotal")}
    async with held(owner_sql, "carts", visitor.shop):
        page = busy(await visitor.send(f"{path}/checkout", form))
    orders = "SELECT count(*) FROM orders WHERE organization_id = $1"
    assert await owner_sql.fetchval(orders, visitor.shop.id) == 0
    assert dict(kept(page)) == form
    assert "Your places stay reserved until their time is up" in words(page)

    first, second = [await visitor.send(f"{path}/checkout", dict(kept(page))) for _ in range(2)]
    assert first.status_code == second.status_code == 303, first.text
    assert first.headers["location"] == second.headers["location"]
    assert await owner_sql.fetchval(orders, visitor.shop.id) == 1


async def test_who_is_turned_away_unseen_keeps_everything_too(visitor, event, owner_sql, full):
    kind = event.ticket_types[0].id
    page = busy(await visitor.reserve(event.slug, **{str(kind): 1}))
    assert kept(page) == [(f"quantity-{kind}", "1")]
    assert "Test House" in page  # in the shop's own look, though nobody asked the database

    looked = busy(await visitor.open(f"/events/{event.slug}?from=mail"))
    assert f'href="/{visitor.shop.slug}/events/{event.slug}?from=mail"' in looked
    assert re.search(r'<noscript><meta http-equiv="refresh" content="1[678]"></noscript>', looked)
    assert "<form" not in looked

    assert await carts_of(owner_sql, visitor.shop) == []
    full()
    assert (await visitor.send(f"/events/{event.slug}/reserve", dict(kept(page)))).status_code == 303


async def test_form_of_another_site_is_not_made_ours(visitor, event, full):
    fields = {f"quantity-{event.ticket_types[0].id}": "4"}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = await visitor.http.post(
            f"/{visitor.shop.slug}/events/{event.slug}/reserve", data=fields, headers=headers
        )
        page = busy(answer)
        assert (kept(page), "<form" in page, "data-retry" in page) == ([], False, False)
    assert kept(busy(await visitor.send(f"/events/{event.slug}/reserve", fields)))  # the control


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/password-reset/new", "/office/account/password"])
async def test_password_is_never_written_into_a_page(client, full, path):
    sent = {"email": "ola@example.org", "password": PASSWORD, "newPassword": PASSWORD}
    answer = await client.post(path, data=sent, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.headers["retry-after"] in {"1", "2", "3"}) == (503, True)
    assert (PASSWORD in answer.text, "ola@example.org" in answer.text, kept(answer.text)) == (
        False,
        False,
        [],
    )
    assert "what you typed is still there" in words(answer.text)


async def test_address_of_another_site_is_no_way_on(client, full):
    page = busy(await client.get("http://localhost:8000//evil.example/x", headers={"Accept": "text/html"}))

    assert ('href="/evil.example/x"' in page, '"//evil' in page) == (True, False)


async def test_who_wants_no_page_gets_a_sentence(client, visitor, event, full):
    picture = await client.get(
        f"/{visitor.shop.slug}/covers/{event.id}/wide.svg", headers={"Accept": "image/*"}
    )

    assert (picture.status_code, picture.headers["content-type"]) == (503, "text/plain; charset=utf-8")
    assert picture.headers["cache-control"] == "no-store"
    assert "retry-after" in picture.headers


async def test_door_and_office_say_it_in_their_own_way(client, full):
    office = await client.get("/office/orders?status=paid")
    assert (office.status_code, "retry-after" in office.headers) == (503, True)
    assert '<meta http-equiv="refresh"' in office.text
    assert 'href="/office/orders?status=paid"' in office.text


async def test_form_that_never_ends_or_is_far_too_long_delays_nobody(
    client, visitor, event, full, monkeypatch
):
    monkeypatch.setattr(retrying, "BODY_SECONDS", 0.05)

    async def endless():
        yield b"a=b&"
        await asyncio.sleep(30)

    async def vast():
        for _ in range(100):
            yield b"a=" + b"b" * 10_000 + b"&"

    for body in (endless(), vast(), b"&".join(b"a=b" for _ in range(500)), b"a=%ff"):
        answer = await asyncio.wait_for(
            client.post(
                f"/{visitor.shop.slug}/orders",
                content=body,
                headers={**FORM, "Sec-Fetch-Site": "same-origin"},
            ),
            2,
        )
        page = busy(answer)
        assert (kept(page), "<form" in page) == ([], False)
