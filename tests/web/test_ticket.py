"""The page of one ticket: changed, handed on, and what a former link shows. And the way back to what was ordered."""

import re

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.crypto import secret_hash
from foyer.infra.db.engine import Database
from tests.api.asking import facts_of, untouched_by
from tests.support.world import KEYRING, make_event
from tests.web.conftest import words
from tests.web.entering import amid_a_window, person

LINK = re.compile(r'href="(/[^"]+/tickets/[^"/]+\?key=[^"]+)"')


@pytest.fixture
async def own_link(visitor, database: Database, organization):
    """The link of the first of two tickets, taken from the page of their order."""
    event = await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=9, is_free=True), title="Lantern Night"
    )
    order = await visitor.order(event, 2)
    links = LINK.findall((await visitor.http.get(order)).text)
    assert len(set(links)) == 2
    return order, links[0]


async def send(visitor, link: str, act: str, **form: str):
    bare, _, key = link.partition("?")
    return await visitor.http.post(
        f"{bare}/{act}?{key}", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )


async def test_ticket_is_handed_on_once_however_often_it_is_pressed(
    visitor, own_link, owner_sql, organization
):
    order, link = own_link
    page = await visitor.http.get(link)
    assert "Transfer" in words(page.text)
    back = f"&amp;order={order.partition('key=')[2]}"
    assert f"{link.replace('?', '/transfer?')}{back}" in (await visitor.http.get(order)).text
    assert 'class="qr" role="img"' in page.text

    wish = {"email": "ida@example.org", "firstName": "Ida", "lastName": "Holm"}
    from_order = link + back.replace("&amp;", "&")
    first, *others = [await send(visitor, from_order, "transfer", **wish) for _ in range(2)]
    others.append(await visitor.http.get(link))

    assert first.status_code == 200
    assert "Your ticket is handed on We write to ida@example.org" in words(first.text)
    assert f'href="{order}"' in first.text
    for gone in others:
        assert "This ticket was handed on" in words(gone.text)
        assert "ida@example.org" not in gone.text
        assert order not in gone.text
    assert (await facts_of(owner_sql, organization)).count("ticket.transferred") == 1
    shown = words((await visitor.http.get(order)).text)
    assert "Its new holder has the code." in shown
    assert "1 ticket handed on." in shown
    assert shown.index("2 of 2") < shown.index("1 of 2"), "the good one comes first and keeps its number"
    assert shown.count("2 of 2") == 1
    row = await owner_sql.fetchrow(
        "SELECT id, code FROM tickets WHERE organization_id = $1 AND generation = 2", organization.id
    )
    assert row["code"] not in (await visitor.http.get(order)).text
    key = KEYRING.holder_token("ticket", organization.id, row["id"], 2)
    new = await visitor.http.get(f"/{organization.slug}/tickets/{row['id']}?key={key}")
    assert "Ida Holm" in new.text
    assert "Mira" not in new.text


async def test_name_is_changed_and_stays_what_was_typed_where_it_cannot(
    visitor, own_link, owner_sql, organization
):
    _, link = own_link
    form = await visitor.http.get(link.replace("?", "/attendee?"))
    assert 'value="Mira"' in form.text

    async with untouched_by(owner_sql)(organization):
        wrong = await send(visitor, link, "attendee", firstName="Kim", email="kim@nowhere")
    assert wrong.status_code == 422
    assert 'value="Kim"' in wrong.text
    assert 'value="kim@nowhere"' in wrong.text
    assert "This address has no ending" in wrong.text

    saved = await send(visitor, link, "attendee", firstName="Kim", email="kim@example.org")
    assert saved.status_code == 303
    shown = words((await visitor.http.get(saved.headers["location"])).text)
    assert "Saved." in shown
    assert "Kim" in shown


async def test_a_key_of_something_else_opens_nothing(visitor, own_link, organization, owner_sql):
    order, link = own_link
    bare = link.partition("?")[0]
    async with untouched_by(owner_sql)(organization):
        for key in ("", "?key=", "?key=fyc_x", "?" + order.partition("?")[2]):
            assert (await visitor.http.get(bare + key)).status_code == 404
            assert (await send(visitor, bare + key, "transfer", email="a@example.org")).status_code == 404
        cross = await visitor.http.post(
            link.replace("?", "/transfer?"),
            data={"email": "a@example.org"},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert cross.status_code == 403


async def test_way_back_to_orders_tells_nobody_who_has_ordered(visitor, own_link, owner_sql, organization):
    said = [
        await visitor.send("/orders", {"email": email})
        for email in ("nobody@example.org", "mira@lund.example")
    ]

    assert [answer.status_code for answer in said] == [200, 200]
    told = {
        answer.text.replace(email, "X")
        for answer, email in zip(said, ("nobody@example.org", "mira@lund.example"), strict=True)
    }
    assert len(told) == 1
    assert (await facts_of(owner_sql, organization)).count("customer.orders_sought") == 1
    for _ in range(5):
        await visitor.send("/orders", {"email": "Mira@Lund.example "})
    assert (await facts_of(owner_sql, organization)).count("customer.orders_sought") == 3
    assert (await visitor.send("/orders", {"email": "mira"})).status_code == 422


async def test_nobody_tries_out_a_list_of_addresses(visitor, client, own_link, owner_sql, organization):
    await amid_a_window()
    async with person(client) as prying:
        path = f"/{organization.slug}/orders"
        assert (await prying.send(path, email="nobody@example.org")).status_code == 200
        network = secret_hash(prying.http._transport.client[0])
        count = "UPDATE rate_counters SET hits = 300 WHERE scope = 'order look-up' AND subject_hash = $1"
        assert await owner_sql.execute(count, network) == "UPDATE 1"
        late = await prying.send(path, email="mira@lund.example")

    assert (late.status_code, 0 < int(late.headers["retry-after"]) <= 3_600) == (429, True)
    assert 'value="mira@lund.example"' in late.text
    assert "customer.orders_sought" not in await facts_of(owner_sql, organization)
    assert (await visitor.send("/orders", {"email": "mira@lund.example"})).status_code == 200
    assert (await facts_of(owner_sql, organization)).count("customer.orders_sought") == 1
