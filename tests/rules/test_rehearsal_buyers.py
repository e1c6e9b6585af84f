"""A made-up buyer before a shop that says what the test wants: who is told to come back does, and what was acknowledged is remembered."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import pytest

from foyer.cli.rehearse.buyer import Crowd, Shop, visit
from foyer.cli.rehearse.plan import Buyer, Kind, Way
from foyer.cli.rehearse.tally import Acknowledged, Step, Tally
from foyer.cli.rehearse.wire import Client, NoAnswerError, place_of
from foyer.kernel.dice import Dice

BUYER = Buyer(
    number=7, key="a key that nobody guesses", comes=0, kind=0, quantity=2, way=Way.BUYS, thinks=0.02, views=(),
    clicks_twice=False, reloads=False, changes_to=None, tries_code=False,
)  # fmt: skip
CART = 201, {"id": "c1", "token": "t", "sessionId": "s1", "total": 0}
ORDER = 201, {"id": "o1", "token": "k", "tickets": [{}, {}]}
BUSY = 503, {"code": "busy"}
GONE = 409, {"code": "sold_out"}


@asynccontextmanager
async def shop(*answers):
    """A crowd before a server that gives these answers in turn, None for none, and any page; and the requests that came."""
    left, requests = list(answers), []

    async def serve(reader, writer):
        while head := await _head(reader):
            lines = head.decode().split("\r\n")
            length = next((int(one[16:]) for one in lines if one.startswith("Content-Length: ")), 0)
            requests.append((lines[0], lines[1:], await reader.readexactly(length)))
            is_page = lines[0].startswith("GET")
            if (answer := (200, {}) if is_page else left.pop(0)) is None:
                break
            body = json.dumps(answer[1]).encode()
            more = "Retry-After: 1\r\n" if answer[0] == 503 else ""
            writer.write(
                f"HTTP/1.1 {answer[0]} X\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
            )
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    client = Client(url, connections_max=4)
    place = Shop(
        url=url, slug="hall", event_id="e1", event_slug="night", kinds=[Kind("k1", 9, 1, 6)], code="EARLY"
    )
    try:
        yield (
            Crowd(client, place, Tally(acknowledged=Acknowledged()), time.monotonic(), Dice("waits")),
            requests,
        )
    finally:
        client.close()
        server.close()


async def _head(reader):
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


async def test_buyer_goes_from_the_button_to_an_order():
    async with shop(CART, ORDER) as (crowd, requests):
        await visit(crowd, BUYER)
    assert crowd.told == Acknowledged(["c1"], {"o1": 2})
    assert [line.split()[:2] for line, _, _ in requests] == [
        ["POST", "/api/v1/shops/hall/carts"], ["GET", "/hall/carts/c1"],
        ["POST", "/api/v1/shops/hall/carts/c1/checkout"], ["GET", "/hall/orders/o1?key=k"],
    ]  # fmt: skip
    assert f"Idempotency-Key: {BUYER.key}" in requests[0][1]
    assert json.loads(requests[0][2]) == {"eventId": "e1", "items": [{"ticketTypeId": "k1", "quantity": 2}]}
    assert "Authorization: Bearer t" in requests[2][1]
    assert "Cookie: foyer-shop=s1; __Host-foyer-shop=s1" in requests[1][1]
    assert json.loads(requests[2][2])["customer"]["email"] == "buyer-7@rehearsal.example"
    assert json.loads(requests[2][2])["paymentMethod"] == "free"
    assert crowd.tally.buyers_done == 1


async def test_buyer_who_is_told_to_come_back_does_so_when_it_was_said():
    async with shop(BUSY, CART, ORDER) as (crowd, requests):
        began = time.monotonic()
        await visit(crowd, BUYER)
        assert time.monotonic() - began >= 1
    assert [line.split()[0] for line, _, _ in requests] == ["POST", "POST", "GET", "POST", "GET"]
    assert crowd.tally.turned_away == 1
    assert crowd.tally.of(Step.PLACES).percentile(0.5) >= 0.95
    assert crowd.told.orders == {"o1": 2}


async def test_buyer_without_an_answer_asks_the_same_again():
    async with shop(None, CART, ORDER) as (crowd, requests):
        await visit(crowd, BUYER)
    assert requests[0] == requests[1]
    assert crowd.told == Acknowledged(["c1"], {"o1": 2})
    assert crowd.tally.unanswered == 0


async def test_buyer_who_is_refused_goes_home():
    async with shop(GONE) as (crowd, requests):
        await visit(crowd, BUYER)
    assert len(requests) == 1
    assert crowd.tally.refusals == {"sold_out": 1}
    assert (crowd.told, crowd.tally.buyers_done) == (Acknowledged([], {}), 1)


@pytest.mark.parametrize(("second", "wrong"), [("c1", 0), ("c2", 1)])
async def test_double_click_that_makes_two_carts_is_noticed(second, wrong):
    leaves = BUYER._replace(clicks_twice=True, way=Way.LEAVES)
    async with shop(CART, (200, {**CART[1], "id": second})) as (crowd, requests):
        await visit(crowd, leaves)
    assert requests[0] == requests[1]
    assert crowd.tally.two_carts == wrong
    assert set(crowd.told.carts) == {"c1", second}


async def test_buyer_changes_the_number_tries_the_code_and_gives_it_back():
    fickle = BUYER._replace(changes_to=1, tries_code=True, way=Way.GIVES_BACK)
    refused_code = 422, {"code": "code_invalid"}
    async with shop(CART, CART, refused_code, (204, {})) as (crowd, requests):
        await visit(crowd, fickle)
    assert [line.split()[0] for line, _, _ in requests] == ["POST", "GET", "PATCH", "PATCH", "DELETE"]
    assert json.loads(requests[2][2]) == {"items": [{"ticketTypeId": "k1", "quantity": 1}]}
    assert json.loads(requests[3][2]) == {"discountCode": "EARLY"}
    assert crowd.tally.of(Step.CHANGE).total == 3
    assert crowd.told.orders == {}


async def test_shop_that_is_not_there_is_no_answer():
    async with shop() as (crowd, _):
        pass
    with pytest.raises(NoAnswerError):
        await crowd.client.ask("GET", "/")


def test_place_of_an_address():
    assert place_of("http://127.0.0.1:8000") == ("127.0.0.1", 8000, False, "127.0.0.1:8000")
    assert place_of("https://tickets.example.org") == (
        "tickets.example.org",
        443,
        True,
        "tickets.example.org",
    )
