"""What becomes of the tickets is told as it happens: to as many as listen, by one question a second, with nothing held for them."""

import asyncio
import re

import httpx
import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra import streams
from tests.support.world import make_event, running_app, settings_for
from tests.web.listening import Listener

SEAT = TicketTypeDraft(name="Seat", quantity=25, is_free=True)
SECRET = TicketTypeDraft(name="Backdoor", quantity=3, is_free=True, is_hidden=True, sort_order=1)


@pytest.fixture(scope="module")
async def house(app_url, tmp_path_factory):
    """An application whose visitors do not wait for each other's second to pass."""
    data = tmp_path_factory.mktemp("data")
    async with running_app(settings_for(data), app_url, transport=httpx.ASGITransport) as client:
        yield client


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, SEAT, SECRET)


@pytest.fixture
def listen(house, organization, event):
    """Somebody who opens the stream of the event."""
    app = house._transport.app
    path = f"/{organization.slug}/events/{event.slug}/live"
    return lambda **changes: Listener(app, **{"path": path, **changes})


async def reserve(house, organization, event, count: int) -> None:
    form = {f"quantity-{event.ticket_types[0].id}": str(count)}
    headers = {"Sec-Fetch-Site": "same-origin"}
    house.cookies.clear()
    answer = await house.post(f"/{organization.slug}/events/{event.slug}/reserve", data=form, headers=headers)
    assert answer.status_code == 303, answer.text


async def test_what_the_page_says_is_told_at_once_and_when_it_changes(house, organization, event, listen):
    one = await listen().until(1)
    path = f"/{organization.slug}/events/{event.slug}/live"

    assert one.status == 200
    assert one.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (one.headers["cache-control"], one.headers["x-accel-buffering"]) == ("no-store", "no")
    assert one.headers["x-content-type-options"] == "nosniff"
    assert "content-length" not in one.headers
    assert re.match(r"retry: \d{4}\ndata: ", one.said[0])
    (seat,) = one.news[0]["types"]  # the hidden type is not there
    assert (one.news[0]["state"], seat["most"], seat["standing"]) == ("on_sale", 10, [])

    await reserve(house, organization, event, 10)
    (seat,) = (await one.until(2)).news[1]["types"]
    assert seat["standing"] == [["15 left", True]]
    polled = await house.get(f"{path}.json")
    assert polled.json() == one.news[1]
    again = await house.get(f"{path}.json", headers={"If-None-Match": polled.headers["etag"]})
    assert again.status_code == 304
    await one.leave()


async def test_crowd_that_listens_asks_once_a_second_and_holds_nothing(
    house, database, organization, event, listen, root_sql
):
    looked = house.desks.front
    asked = 0
    find = looked._offers._ask

    async def counted(key):
        nonlocal asked
        asked += 1
        return await find(key)

    looked._offers._ask = counted
    crowd = [listen() for _ in range(200)]
    for one in crowd:
        await one.until(1)
    quiet = asked
    await reserve(house, organization, event, 10)
    began = asyncio.get_running_loop().time()
    for one in crowd:
        await one.until(2)
    seconds = asyncio.get_running_loop().time() - began
    looked._offers._ask = find

    assert quiet == 1
    assert asked <= seconds + 2
    assert house.desks.database._engine.pool.checkedout() == 0
    open_now = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'foyer'"
        " AND state LIKE 'idle in%'"
    )
    assert await root_sql.fetchval(open_now) == 0
    assert house._transport.app.admission.streams.taken == 200
    assert house._transport.app.admission.shop.taken == 0
    await asyncio.gather(*(one.leave() for one in crowd))
    assert house._transport.app.admission.streams.taken == 0
    assert house._transport.app.app.state.streams._channels == {}


async def test_line_is_kept_open_and_ends_by_itself(listen, monkeypatch):
    monkeypatch.setattr(streams, "PACE_SECONDS", 0.02)
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(streams, "LAST_SECONDS", 1)
    one = await listen().until(3)
    await one.ended()

    assert set(one.said[1:]) == {": still here\n\n"}
    assert (one.is_over, len(one.news)) == (True, 1)


async def test_who_is_one_too_many_is_sent_away_and_others_stay(listen, monkeypatch):
    monkeypatch.setattr(streams, "LISTENERS_MAX", 3)
    few = [await listen().until(1) for _ in range(3)]
    late = listen()
    await late.ended()

    assert (late.status, late.headers["retry-after"]) == (503, "30")
    assert not any(one.is_over for one in few)
    await few[0].leave()
    heir = await listen().until(1)
    assert heir.status == 200
    await asyncio.gather(*(one.leave() for one in (*few[1:], heir)))


async def test_event_that_is_gone_ends_its_stream(house, organization, event, listen):
    one = await listen().until(1)
    headers = organization.staff
    assert (await house.delete(f"/api/v1/events/{event.id}", headers=headers)).status_code == 204
    await one.ended()
    gone = listen()
    await gone.ended()

    assert gone.status == 404
    assert one.is_over


async def test_head_of_a_stream_has_an_end(listen):
    one = listen(method="HEAD")
    await one.ended()

    assert (one.status, one.is_over) == (200, True)
