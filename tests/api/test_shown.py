"""What a shop shows is at most a second old, asked for once a second, and sent once to whom knows it; what is sold is exact."""

import asyncio
import re
import time
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from foyer.domains.carts import offer
from foyer.domains.events import delete_event, edit_ticket_type
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra import fresh
from tests.api.asking import Shop, taken
from tests.support.world import make_event, running_app, settings_for

SEAT = TicketTypeDraft(name="Seat", quantity=10, price=1_000)


@pytest.fixture(scope="module")
async def hasty(app_url, tmp_path_factory):
    """A client whose requests follow each other at once."""
    data = tmp_path_factory.mktemp("data")
    async with running_app(settings_for(data), app_url, transport=httpx.ASGITransport) as client:
        yield client


@pytest.fixture
def at_once(monkeypatch):
    """From its call on the second in which nothing is asked again is over at once."""
    return lambda: monkeypatch.setattr(fresh, "FRESH_SECONDS", 0.0)


class Log:
    """The database's own log from here on: how many transactions an organization's rows were looked at in."""

    def __init__(self, folder: Path, organization) -> None:
        self._opening = re.compile(
            rb"BEGIN READ ONLY; SET LOCAL app\.organization_id = '%b'" % str(organization.id).encode()
        )
        self._folder = folder
        self._begun = {path: path.stat().st_size for path in self._files()}

    async def reads(self) -> int:
        await asyncio.sleep(0.1)  # the collector writes a moment later
        return sum(len(self._opening.findall(self._news(path))) for path in self._files())

    def _files(self) -> list[Path]:
        return [*self._folder.glob("*.json")]

    def _news(self, path: Path) -> bytes:
        with path.open("rb") as log:
            log.seek(self._begun.get(path, 0))
            return log.read()


async def reprice(database, organization, event, price):
    """As another process does it: this one is told nothing."""
    kind = event.ticket_types[0]
    async with database.write(organization.id) as tx:
        await edit_ticket_type(
            tx, event.id, kind.id, lambda draft: replace(draft, price=price), actor=organization.owner
        )


async def test_hot_event_is_asked_for_once_a_second(hasty, database, organization, root_sql):
    event = await make_event(database, organization, SEAT)
    log = Log(Path(await root_sql.fetchval("SHOW data_directory"), "log"), organization)
    api = f"/api/v1/shops/{organization.slug}/events"
    paths = [f"/{organization.slug}/events/{event.slug}", f"{api}/{event.slug}", f"{api}/{event.id}"]
    for path in paths:
        assert (await hasty.get(path)).status_code == 200
    before, began = await log.reads(), time.monotonic()

    async def reader(place: int) -> int:
        count = 0
        while time.monotonic() - began < 1.5:
            assert (await hasty.get(paths[place % 3])).status_code == 200
            count += 1
        return count

    looks = sum(await asyncio.gather(*(reader(place) for place in range(200))))
    seconds = time.monotonic() - began
    asked = await log.reads() - before

    assert looks > 400
    assert asked <= 2 * (seconds + 1)  # the event and the shop it stands in, once a second each
    for _ in range(50):  # the control: without the window every look is a transaction
        await read_directly(database, organization, event)
    assert await log.reads() - before - asked == 50


async def read_directly(database, organization, event):
    async with database.read(organization.id) as tx:
        await offer(tx, event_id=event.id)


async def test_price_is_never_stale_where_it_counts(hasty, database, organization, monkeypatch):
    monkeypatch.setattr(fresh, "FRESH_SECONDS", 60.0)  # a slow machine takes its time between two looks
    event = await make_event(database, organization, SEAT)
    shop = Shop(hasty, organization)
    page = f"/{organization.slug}/events/{event.slug}"
    assert "€10.00" in (await hasty.get(page)).text
    await reprice(database, organization, event, 1_234)

    assert "€10.00" in (await hasty.get(page)).text  # what is shown may be a second old
    cart = await shop.cart(event)
    assert (cart["total"], cart["items"][0]["unitPrice"]) == (1_234, 1_234)

    monkeypatch.undo()
    changed = time.monotonic()
    while "€12.34" not in (await hasty.get(page)).text:
        assert time.monotonic() - changed < 1.5
        await asyncio.sleep(0.02)
    assert taken(await shop.offer(event.slug))["ticketTypes"][0]["price"] == 1_234


async def test_who_has_it_is_told_that_it_holds(hasty, database, organization, at_once):
    event = await make_event(database, organization, SEAT)
    shown = f"/api/v1/shops/{organization.slug}/events"
    paths = [
        f"/{organization.slug}/events/{event.slug}",
        f"/{organization.slug}",
        f"{shown}/{event.id}",
        shown,
    ]
    tags = {}
    for path in paths:
        whole, head = await hasty.get(path), await hasty.head(path)
        tags[path] = tag = whole.headers["etag"]
        assert whole.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert "set-cookie" not in whole.headers
        assert re.fullmatch(r'W/"[0-9a-f]{24}"', tag)
        assert (head.status_code, head.headers["etag"]) == (200, tag)
        assert head.headers["content-length"] == str(len(whole.content))
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = await hasty.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await reprice(database, organization, event, 1_500)
    at_once()

    for path in (one for one in paths if one != shown):  # the list names no prices of an event
        answer = await hasty.get(path, headers={"If-None-Match": tags[path]})
        assert (answer.status_code, answer.headers["etag"] != tags[path]) == (200, True), path


async def test_time_alone_changes_no_tag(hasty, database, organization, at_once):
    event = await make_event(database, organization, SEAT)
    shop = Shop(hasty, organization)
    first = await shop.offer(event.slug)
    at_once()
    later = await shop.offer(event.slug)

    assert later.json()["asOf"] > first.json()["asOf"]
    assert later.headers["etag"] == first.headers["etag"]


async def test_shops_with_events_of_one_name_stay_apart(hasty, database, organization, stranger):
    ours = await make_event(database, organization, SEAT, title="Ours", slug="the-evening")
    theirs = await make_event(database, stranger, SEAT, title="Theirs", slug="the-evening")
    for _ in range(2):
        for house, event in ((organization, ours), (stranger, theirs)):
            found = taken(await Shop(hasty, house).offer("the-evening"))
            page = (await hasty.get(f"/{house.slug}/events/the-evening")).text
            assert (found["event"]["id"], event.title in page) == (str(event.id), True)
            other = theirs if event is ours else ours
            assert other.title not in page
            assert (await Shop(hasty, house).offer(other.id)).status_code == 404


async def test_staff_see_at_once_what_they_have_done(hasty, database, organization):
    event = await make_event(database, organization, SEAT, publish=False)
    shop, office = Shop(hasty, organization), f"/api/v1/events/{event.id}"
    assert (await shop.offer(event.slug)).status_code == 404
    taken(await hasty.post(f"{office}/publication", headers=organization.staff))
    assert taken(await shop.offer(event.slug))["event"]["title"] == "An evening"
    taken(await hasty.patch(office, json={"title": "Another", "slug": "another"}, headers=organization.staff))
    assert taken(await shop.offer("another"))["event"]["title"] == "Another"
    assert (await shop.offer(event.slug)).status_code == 404
    await hasty.delete(office, headers=organization.staff)
    assert (await shop.offer("another")).status_code == 404


async def test_what_is_deleted_elsewhere_is_gone_with_the_next_question(
    hasty, database, organization, at_once
):
    event = await make_event(database, organization, SEAT)
    shop = Shop(hasty, organization)
    taken(await shop.offer(event.slug))
    async with database.write(organization.id) as tx:
        await delete_event(tx, event.id, actor=organization.owner)
    at_once()

    assert (await shop.offer(event.slug)).status_code == 404
