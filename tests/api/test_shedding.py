"""A shop that is full turns away at once; doors and health have a way in that no crowd at the shop can block."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from foyer.infra.admission import Admission
from foyer.infra.db.engine import KEPT_APART, POOL_SIZE
from foyer.infra.db.gate import CROWD_MAX, IS_APART
from foyer.kernel.access import DEVICE, OPT
from tests.api.asking import refused, taken
from tests.api.test_door import scan
from tests.support.world import make_event

SOON = 1.5
"""Seconds: less than anybody waits for a connection, and much for a machine that does other things too."""


@pytest.fixture
def rooms(client) -> Admission:
    return client._transport.app.admission


@asynccontextmanager
async def full_house(client, organization, rooms: Admission) -> AsyncIterator[None]:
    """The shop's connections are all held, requests wait for one, and there is no room for another request."""
    release = asyncio.Event()

    async def hold() -> None:
        async with client.desks.database.read(organization.id):
            await release.wait()

    holding = [asyncio.create_task(hold()) for _ in range(POOL_SIZE)]
    waiting = [
        asyncio.create_task(client.get("/api/v1/events", headers=organization.staff)) for _ in range(5)
    ]
    for _ in range(2_000):
        if rooms.shop.taken == len(waiting) and not client.desks.database._gate._free:
            break
        await asyncio.sleep(0.001)
    before, rooms.shop.places = rooms.shop.places, len(waiting)
    try:
        yield
    finally:
        rooms.shop.places = before
        release.set()
        await asyncio.gather(*holding)
        await asyncio.gather(*waiting)
    assert rooms.shop.taken == 0


async def test_who_does_not_fit_is_told_at_once_unread_and_nothing_happens(
    client, shop, database, rooms, untouched
):
    event, read = await make_event(database, shop.organization), []

    async def body():
        read.append(True)
        yield b"{}"

    async with untouched(shop.organization), full_house(client, shop.organization, rooms):
        began = time.monotonic()
        answer = await shop.reserve(event)
        unread = await client.post(f"{shop.path}/carts", content=body())
        others = [
            await client.get("/api/v1/events", headers=shop.organization.staff),
            await client.get("/api/v1/none"),
        ]
        seconds = time.monotonic() - began

    for one in (answer, unread, *others):
        refused(one, 503, "busy", says="try again")
        assert one.headers["retry-after"] in {"1", "2", "3"}
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["x-content-type-options"] == "nosniff"
    assert (read, seconds < SOON) == ([], True)
    taken(await shop.reserve(event), 201)


async def test_those_who_are_sent_away_together_do_not_come_back_together(client, shop, rooms, monkeypatch):
    monkeypatch.setattr(rooms.shop, "places", 0)
    waits = {(await client.get("/api/v1/events")).headers["retry-after"] for _ in range(40)}

    assert waits == {"1", "2", "3"}


@pytest.mark.parametrize("is_kept_apart", [True, False], ids=["apart", "control"])
async def test_doors_and_health_answer_while_the_shop_is_full(
    client, shop, database, rooms, monkeypatch, is_kept_apart
):
    event = await make_event(database, shop.organization)
    ticket = (await shop.order(event, (event.ticket_types[0].id, 1)))["tickets"][0]
    house = client.desks.database
    if not is_kept_apart:
        monkeypatch.setattr(house, "_gate_apart", house._gate)
        monkeypatch.setattr("foyer.infra.db.gate.PATIENCE_SECONDS", 0.1)

    async with full_house(client, shop.organization, rooms):
        began = time.monotonic()
        alive, ready = await client.get("/livez"), await client.get("/readyz")
        said = await scan(client, event, shop.organization.door, qr=ticket["qrCode"])
        page = await client.get(
            f"/door/events/{event.id}", headers={"Cookie": f"foyer-door={shop.organization.device_key}"}
        )
        seconds = time.monotonic() - began

    found = [alive.status_code, ready.status_code, said.json().get("result"), page.status_code]
    assert found == ([200, 200, "admitted", 200] if is_kept_apart else [200, 503, None, 503])
    assert ready.headers.get("retry-after") == (None if is_kept_apart else "1")
    assert seconds < SOON


async def test_door_that_is_full_leaves_the_shop_and_health_alone(client, shop, database, rooms, monkeypatch):
    event = await make_event(database, shop.organization)
    monkeypatch.setattr(rooms.door, "places", 0)

    refused(await scan(client, event, shop.organization.door, code="ANY"), 503, "busy")
    asked = await client.post("/door/pair", headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()["code"]) == (503, "busy")
    taken(await shop.reserve(event), 201)
    assert (await client.get("/readyz")).status_code == 200


async def test_however_many_ask_for_health_doors_and_health_are_answered(client, shop, database):
    event, release = await make_event(database, shop.organization), asyncio.Event()

    async def hold() -> None:
        IS_APART.set(True)
        async with client.desks.database.read(shop.organization.id):
            await release.wait()

    holding = [asyncio.create_task(hold()) for _ in range(KEPT_APART - 1)]
    asking = [asyncio.create_task(client.get("/readyz")) for _ in range(CROWD_MAX + 2)]
    page = await client.get(
        f"/door/events/{event.id}", headers={"Cookie": f"foyer-door={shop.organization.device_key}"}
    )
    release.set()
    await asyncio.gather(*holding)

    assert page.status_code == 200
    assert {one.status_code for one in await asyncio.gather(*asking)} == {200}


def test_every_route_of_a_device_is_let_in_by_the_door_and_no_other(client, rooms):
    app = client._transport.app.app
    kinds = {
        route.path: {handler.opt.get(OPT) for handler in getattr(route, "route_handlers", ())}
        for route in app.routes
    }
    by_the_door = {path for path in kinds if rooms.room_for(path) is rooms.door}

    assert by_the_door == {
        path
        for path, found in kinds.items()
        if DEVICE in found or path == "/door" or path.startswith("/door/")
    }
    assert len(by_the_door) >= 8
    for path in (
        "/doors",
        "/doors/events/x",
        "/livez-fest",
        "/static-shop/orders",
        "/api/v1/tickets/x/transfer",
    ):
        assert rooms.room_for(path) is rooms.shop


async def test_body_that_is_too_long_is_refused_before_it_is_read(client, shop, untouched):
    read = []

    async def body():
        read.append(True)
        yield b" "

    length = {"Content-Length": str(10**9), "Sec-Fetch-Site": "same-origin"}
    async with untouched(shop.organization):
        told = await client.post(f"{shop.path}/carts", content=body(), headers=length)
        page = await client.post(
            f"/{shop.organization.slug}/orders",
            content=body(),
            headers={**length, "Content-Type": "application/x-www-form-urlencoded"},
        )

    refused(told, 413, "too_large")
    assert (page.status_code, read) == (413, [])
