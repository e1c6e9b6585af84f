"""A buyer's account: in by the code from their mail, everything they have at this shop and nothing of anybody else."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from foyer.domains.checkout import erase_customer
from foyer.domains.checkout.types import WantedRefund
from foyer.domains.customers import buyer_behind, edit_customer, enter_account
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.identity.rules import BUYER_CODE_LASTS
from foyer.domains.orders.types import CancelReason
from foyer.domains.tickets import transfer_ticket
from foyer.domains.tickets.types import Receiver
from foyer.infra.db.engine import Database
from foyer.kernel.actor import visitor as somebody
from foyer.kernel.errors import Invalid
from tests.api.asking import bearing, refused, taken, untouched_by
from tests.support.world import KEYRING, buyer_code, buyer_signed_in, make_event
from tests.web.conftest import CONTACT, order_id, words
from tests.web.entering import amid_a_window, person

MIRA = CONTACT["email"]
IDA = "ida@example.org"
SESSIONS = "SELECT count(*) FROM buyer_sessions WHERE organization_id = $1"


@pytest.fixture
async def order(visitor, database, organization):
    """The link of an order that Mira has placed."""
    return await visitor.order(await make_event(database, organization, title="Lantern Night"), 2)


async def enter(visitor, email, code):
    return await visitor.send("/orders/session", {"email": email, "code": code})


async def enter_anew(app_url, organization, email, code, *, later=timedelta(0)):
    """Sign in on a connection of its own, as a second process would; what was refused is returned."""
    database = Database(app_url, pool_size=1, clock_offset=later)
    try:
        async with database.write(organization.id) as tx:
            return await enter_account(tx, email, code, keyring=KEYRING)
    except Invalid as wrong:
        return wrong
    finally:
        await database.close()


async def hand_on(database, organization, link, email):
    """Hand the first ticket behind an order's link on to somebody."""
    order_id = UUID(link.partition("?")[0].rpartition("/")[2])
    async with database.write(organization.id) as tx:
        desk = await tx.desk()
        query = "SELECT id FROM tickets WHERE organization_id = $1 AND order_id = $2 ORDER BY id LIMIT 1"
        ticket_id = await desk.fetchval(query, organization.id, order_id)
        await transfer_ticket(tx, ticket_id, Receiver(email=email), actor=somebody(organization.id))


async def test_old_address_in_german_begins_with_the_newest_order(
    visitor, order, office, database, organization
):
    await office.cancel(order, CancelReason.STAFF)
    code = await buyer_code(database, organization, MIRA)
    assert (await enter(visitor, MIRA, code)).status_code == 303
    visitor.http.headers["Accept-Language"] = "de"

    page = await visitor.open("/orders?cursor=of-yore")

    assert page.status_code == 200
    assert re.search(r"Lantern Night.*Storniert", words(page.text))
    assert "Abgesagt" not in page.text


async def test_code_opens_all_that_a_buyer_has_here(visitor, order, database, organization, owner_sql):
    async with person(visitor.http) as ida:
        path = f"/{organization.slug}/orders"
        asked = await ida.send(path, email=f" {IDA}")
        assert 'autocomplete="one-time-code"' in asked.text
        other = await visitor.order(await make_event(database, organization, title="Matinée"), 1)
        await hand_on(database, organization, order, IDA)
        code = await buyer_code(database, organization, IDA)

        into = await ida.send(f"{path}/session", email=IDA.upper(), code=f" {code[:4]}-{code[4:]} ")
        assert (into.status_code, into.headers["location"]) == (303, path)
        cookie = into.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        theirs = await ida.open(path)
        assert "Handed on to you" in words(theirs.text)
        assert "Lantern Night" in theirs.text
        assert "Matinée" not in theirs.text, "that was bought by somebody else"
        assert MIRA not in theirs.text
        held = re.search(r'href="(/[^"]+/tickets/[^"]+)"', theirs.text)
        own = words((await ida.open(held[1])).text)
        assert ("Your ticket" in own, "1 of 2" in own) == (True, True)

    await enter(visitor, MIRA, await buyer_code(database, organization, MIRA))
    mine = await visitor.open("/orders")
    assert mine.headers["cache-control"] == "private, no-store"
    said = words(mine.text)
    assert "Signed in as mira@lund.example" in said
    assert said.index("Coming up") < said.index("Lantern Night")
    assert said.count("1 ticket · ") == 2, "one of an order of its own, one of two is left"
    assert said.count("· 1 ticket handed on · Order") == 1
    assert {order, other} == set(re.findall(r'href="(/[^"]+/orders/[^"]+key=[^"]+)"', mine.text))


async def test_tickets_that_went_back_are_counted_no_more(visitor, office, database, organization, owner_sql):
    seat = TicketTypeDraft(name="Seat", quantity=9, price=1_000)
    link = await visitor.order(await make_event(database, organization, seat), 3)
    await office.paid(link)
    line = await owner_sql.fetchval("SELECT id FROM order_items WHERE order_id = $1", order_id(link))
    await enter(visitor, MIRA, await buyer_code(database, organization, MIRA))
    assert "3 tickets · Order" in words((await visitor.open("/orders")).text)

    await office.refund(link, [WantedRefund(order_item_id=line, quantity=1)])

    assert "2 tickets · Order" in words((await visitor.open("/orders")).text)
    good = "SELECT id FROM tickets WHERE order_id = $1 AND status = 'valid'"
    async with database.write(organization.id) as tx:
        ticket_id = await owner_sql.fetchval(good, order_id(link))
        await transfer_ticket(tx, ticket_id, Receiver(email=IDA), actor=somebody(organization.id))
    assert "1 ticket · 1 ticket handed on · Order" in words((await visitor.open("/orders")).text)
    await office.refund(link)
    assert "3 tickets · Order" in words((await visitor.open("/orders")).text), (
        "of what is no more, what it was"
    )


async def test_whoever_signs_out_is_out_with_the_same_cookie(visitor, order, database, organization):
    await enter(visitor, MIRA, await buyer_code(database, organization, MIRA))
    kept = dict(visitor.http.cookies)
    assert "Signed in as" in words((await visitor.open("/orders")).text)

    out = await visitor.send("/orders/session/end", {})

    assert (out.status_code, out.headers["location"]) == (303, f"/{organization.slug}/orders")
    assert "Find your tickets" in words((await visitor.open("/orders")).text)
    visitor.http.cookies.update(kept)
    assert "Find your tickets" in words((await visitor.open("/orders")).text)
    cross = await visitor.send("/orders/session/end", {}, **{"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403


async def test_wrong_code_tells_nobody_who_has_ordered(visitor, order, database, organization, owner_sql):
    await amid_a_window()
    right = await buyer_code(database, organization, MIRA)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    told = dict[str, set[str]]()
    async with person(visitor.http) as prying, untouched_by(owner_sql)(organization):
        path = f"/{organization.slug}/orders/session"
        for email in (MIRA, "nobody@example.org"):
            for code in (wrong, "", "x" * 999):
                answer = await prying.send(path, email=email, code=code)
                assert answer.status_code == 422
                told.setdefault(code, set()).add(answer.text.replace(email, "X"))
        assert [len(pages) for pages in told.values()] == [1, 1, 1]
        assert "This is not the code that we sent" in words(told[wrong].pop())
        assert "Type the eight digits from the mail." in words(told[""].pop())
        assert (await prying.send(path, email="mira", code=right)).status_code == 422
        for _ in range(7):
            await prying.send(path, email=MIRA.upper(), code=wrong)
        late = await prying.send(path, email=MIRA, code=right)
        assert (late.status_code, 0 < int(late.headers["retry-after"]) <= 900) == (429, True)
    assert not prying.http.cookies


async def test_code_is_good_once_and_for_a_while_and_in_one_shop(
    app_url, visitor, order, database, organization, stranger, owner_sql
):
    codes = [await buyer_code(database, organization, MIRA) for _ in range(2)]

    late = await enter_anew(app_url, organization, MIRA, codes[0], later=BUYER_CODE_LASTS)
    elsewhere = await enter_anew(app_url, stranger, MIRA, codes[0])
    of_another = await enter_anew(app_url, organization, IDA, codes[0])
    assert [type(one) for one in (late, elsewhere, of_another)] == [Invalid] * 3
    assert await owner_sql.fetchval(SESSIONS, organization.id) == 0

    # At once, each on a connection of its own; and once one of them was taken, the other code is used up as well.
    together = await asyncio.gather(*(enter_anew(app_url, organization, MIRA, codes[0]) for _ in range(4)))
    assert [isinstance(one, Invalid) for one in together].count(False) == 1
    assert isinstance(await enter_anew(app_url, organization, MIRA, codes[1]), Invalid)
    assert await owner_sql.fetchval(SESSIONS, organization.id) == 1


async def test_session_opens_one_shop_and_ends_with_the_buyer(
    client, visitor, order, database, organization, stranger, owner_sql
):
    token = await buyer_signed_in(database, organization, MIRA)
    there = f"/api/v1/shops/{stranger.slug}/account/orders"
    refused(await client.get(there, headers=bearing(token)), 404, "not_found")
    async with database.read(organization.id) as tx:
        customer_id = (await buyer_behind(tx, token)).customer_id

    async with database.write(organization.id) as tx:
        await erase_customer(tx, customer_id, actor=organization.owner)

    async with database.read(organization.id) as tx:
        assert await buyer_behind(tx, token) is None
    left = "SELECT count(*) FROM one_time_codes WHERE organization_id = $1"
    assert await owner_sql.fetchval(left, organization.id) == 0


async def test_who_read_the_former_address_of_a_buyer_is_signed_out(
    client, order, database, organization, owner_sql
):
    token = await buyer_signed_in(database, organization, MIRA)
    async with database.read(organization.id) as tx:
        customer_id = (await buyer_behind(tx, token)).customer_id
    at = f"/api/v1/shops/{organization.slug}/account/orders"

    async def readdress(**changes):
        async with database.write(organization.id) as tx:
            await edit_customer(
                tx, customer_id, lambda draft: replace(draft, **changes), actor=organization.owner
            )

    await readdress(email=MIRA.upper(), phone="+46 8 1")
    assert len(taken(await client.get(at, headers=bearing(token)))["items"]) == 1, "it is the same mailbox"
    await readdress(email=IDA)

    refused(await client.get(at, headers=bearing(token)), 404, "not_found")
    assert await owner_sql.fetchval(SESSIONS, organization.id) == 0
    anew = await buyer_signed_in(database, organization, IDA)
    assert len(taken(await client.get(at, headers=bearing(anew)))["items"]) == 1


async def test_programs_walk_the_same_way(client, visitor, order, database, organization):
    account = f"/api/v1/shops/{organization.slug}/account"
    sent = taken(await client.post(f"{account}/codes", json={"email": "nobody@example.org"}), 202)
    assert sent == {"email": "nobody@example.org"}
    await hand_on(database, organization, order, IDA)
    tokens = []
    for email in (MIRA, IDA):
        body = {"email": email, "code": await buyer_code(database, organization, email)}
        tokens.append(bearing(taken(await client.post(f"{account}/sessions", json=body), 201)["token"]))
        refused(await client.post(f"{account}/sessions", json=body), 422, "invalid_field", "code")
    mira, ida = tokens

    (bought,) = taken(await client.get(f"{account}/orders", headers=mira))["items"]
    whole = f"/api/v1/shops/{organization.slug}/orders/{bought['id']}"
    opened = taken(await client.get(whole, headers=bearing(bought["token"])))
    assert (opened["orderNumber"], len(opened["tickets"])) == (bought["orderNumber"], 2)
    assert taken(await client.get(f"{account}/tickets", headers=mira))["items"] == []
    assert taken(await client.get(f"{account}/orders", headers=ida))["items"] == []
    (held,) = taken(await client.get(f"{account}/tickets", headers=ida))["items"]
    path = f"/api/v1/shops/{organization.slug}/tickets/{held['id']}"
    assert taken(await client.get(path, headers=bearing(held["token"])))["attendeeInfo"]["email"] == IDA

    assert (await client.delete(f"{account}/session", headers=mira)).status_code == 204
    refused(await client.get(f"{account}/orders", headers=mira), 404, "not_found")
    taken(await client.get(f"{account}/orders", headers=ida))


async def test_checkout_leads_to_the_code_and_the_code_back_to_the_checkout(
    visitor, order, database, organization
):
    event = await make_event(database, organization, title="Matinée")
    cart = await visitor.cart(event, 1)
    for lost in ("", "of-yore"):
        assert (await visitor.open(f"/orders?cart={lost}")).status_code == 200
    invitation = f'href="/{organization.slug}/orders?cart={cart.rpartition("/")[2]}"'
    assert invitation in (await visitor.open(cart)).text
    back = {"cart": cart.rpartition("/")[2], "email": MIRA}

    asked = await visitor.send("/orders", back)
    wrong = await visitor.send("/orders/session", {**back, "code": "0"})
    for page in (asked, wrong):
        assert page.text.count(f'name="cart" value="{back["cart"]}"') == 2
    assert re.search(r'id="code"[^>]*value="0"', wrong.text), "what was typed is mended, not typed anew"
    code = await buyer_code(database, organization, MIRA)
    entered = await visitor.send("/orders/session", {**back, "code": code})

    assert entered.headers["location"] == f"/{organization.slug}{cart}"
    known = (await visitor.open(cart)).text
    assert (f'value="{MIRA}"' in known, invitation in known) == (True, False)
    again = await visitor.open(f"/orders?cart={back['cart']}")
    assert again.headers["location"] == entered.headers["location"]
    elsewhere = await visitor.send(
        "/orders/session",
        {**back, "cart": "//evil.example", "code": await buyer_code(database, organization, MIRA)},
    )
    assert elsewhere.headers["location"] == f"/{organization.slug}/orders"
