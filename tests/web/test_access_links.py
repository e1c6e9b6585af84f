"""Access links in a browser: opened once, kept open by a cookie of that event, and worth nothing once taken back."""

import re
from io import BytesIO

import pytest

from foyer.domains.events.types import TicketTypeDraft, Visibility
from foyer.infra.telemetry import request_log
from tests.support.world import make_event
from tests.web.conftest import words
from tests.web.desk import at_desk

KINDS = (
    TicketTypeDraft(name="Seat", quantity=10, is_free=True),
    TicketTypeDraft(name="Press bench", quantity=10, is_free=True, is_hidden=True, sort_order=1),
)


@pytest.fixture
async def desk(client, database, organization):
    async with at_desk(client, database, organization) as desk:
        yield desk


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, *KINDS, visibility=Visibility.PRIVATE)


async def make(desk, event, kind=None, **more):
    """The path of a new link below the shop, as the office shows it."""
    named = {} if kind is None else {"ticketTypeId": str(event.ticket_types[kind].id)}
    form = {"name": "Press", **named, **more}
    answer = await desk.send(f"/events/{event.id}/access", form)
    assert answer.status_code == 303, answer.text
    page = await desk.page(f"/events/{event.id}/access")
    links = re.findall(r"http://[^/]+/[^/]+(/access/[\w-]{22})</code>", page)
    return links[0]


async def test_link_opens_its_event_and_lets_its_bearer_buy(desk, event, visitor, other_visitor):
    path = f"/events/{event.slug}"
    link = await make(desk, event, 1)
    assert (await visitor.open(path)).status_code == 404

    opened = await visitor.open(link)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/{visitor.shop.slug}{path}")
    cookie = opened.headers["set-cookie"]
    assert f"Path=/{visitor.shop.slug}{path}" in cookie
    assert "HttpOnly" in cookie
    assert opened.headers["cache-control"] == "private, no-store"
    page = await visitor.open(path)
    assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("private, no-store", "noindex")
    assert "By private link" in words(page.text)
    assert "Press bench" in page.text
    news = (await visitor.open(f"{path}/live.json")).json()
    assert [one["id"] for one in news["types"]] == [str(kind.id) for kind in event.ticket_types]
    assert (await visitor.open(f"{path}/calendar.ics")).status_code == 200
    framed = [await visitor.open(f"{path}/widget{one}") for one in ("", "/live", "/live.json")]
    assert [answer.status_code for answer in framed] == [404] * 3, "in a frame no link counts"

    cart = await visitor.cart(event, 0, 2)
    assert "Press bench" in (await visitor.open(cart)).text
    changed = await visitor.reserve(event.slug, **{str(event.ticket_types[1].id): 1})
    assert changed.headers["location"].endswith(cart)
    order = await visitor.place(cart)
    assert "Press bench" in (await visitor.http.get(order)).text
    for below in ("", "/live", "/live.json", "/calendar.ics"):
        assert (await other_visitor.open(path + below)).status_code == 404
    sold = await other_visitor.reserve(event.slug, **{str(event.ticket_types[0].id): 1})
    assert sold.status_code == 404


async def test_secret_is_in_no_line_of_the_log(desk, event, visitor, monkeypatch):
    link = await make(desk, event)
    log = BytesIO()
    monkeypatch.setattr(request_log, "out", log)

    assert (await visitor.open(link)).status_code == 303
    assert log.getvalue().count(b"/access/-") == 1
    assert link.rpartition("/")[2].encode() not in log.getvalue()
    await visitor.http.get("/office/events/one/access/two/revocation")
    assert b"/access/two/revocation" in log.getvalue(), "in the office no address has a secret"


async def test_refused_choice_comes_back_as_the_bearer_sees_it(desk, event, visitor):
    await visitor.open(await make(desk, event, 1))
    page = await visitor.reserve(event.slug, **{str(event.ticket_types[1].id): 99})

    assert page.status_code == 422
    assert "Press bench: take at most 10" in words(page.text)


async def test_page_for_everybody_stays_what_it_is(desk, database, organization, visitor, other_visitor):
    public = await make_event(database, organization, *KINDS)
    path = f"/events/{public.slug}"
    await visitor.open(await make(desk, public, 1))
    mine, theirs = await visitor.open(path), await other_visitor.open(path)

    assert ("Press bench" in mine.text, "Press bench" in theirs.text) == (True, False)
    assert theirs.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert (await visitor.open()).headers["cache-control"] == "public, max-age=0, must-revalidate"


async def test_taken_back_link_opens_nothing(desk, event, visitor):
    link = await make(desk, event)
    await visitor.open(link)
    assert (await visitor.open(f"/events/{event.slug}")).status_code == 200
    page = await desk.page(f"/events/{event.id}/access")
    revoke = re.search(r'action="/office(/events/[^"]+/revocation)"', page)[1]
    assert (await desk.send(revoke)).headers["location"].endswith("/access?done=link-revoked")

    for path in (link, f"/events/{event.slug}", "/access/nobody"):
        assert (await visitor.open(path)).status_code == 404
    assert "This link opens nothing any more" in words((await visitor.open(link)).text)
    sold = await visitor.reserve(event.slug, **{str(event.ticket_types[0].id): 1})
    assert sold.status_code == 404
    assert link not in await desk.page(f"/events/{event.id}/access")


async def test_form_comes_back_with_what_is_wrong(desk, event):
    answer = await desk.send(f"/events/{event.id}/access", {"name": " ", "expiresAt": "2020-01-01T10:00"})

    assert answer.status_code == 422
    assert "Say in 1 to 100 characters who the link is for" in words(answer.text)
    assert "Choose a moment to come" in words(answer.text)
    assert "No access links" in words(answer.text)


async def test_who_may_only_look_sees_no_secret(client, database, organization, desk, event):
    link = await make(desk, event)
    async with at_desk(client, database, organization, "analyst") as other:
        page = await other.page(f"/events/{event.id}/access")

    assert "Press" in page
    assert link.rpartition("/")[2] not in page
    assert "Take back" not in page
