"""The shop in a frame on other websites: the same for everybody, of what everybody may see, and no other page with it."""

import re
from html import unescape

import pytest

from foyer.domains.events.types import TicketTypeDraft, Visibility
from tests.support.world import make_event
from tests.web.desk import at_desk
from tests.web.test_seen import NASTY, meta

FREE = TicketTypeDraft(name="Seat", quantity=5, is_free=True)


def ancestors(answer) -> str:
    """Who may show an answer in a frame."""
    rules = [one.strip() for one in answer.headers["content-security-policy"].split(";")]
    (found,) = [
        rule.removeprefix("frame-ancestors ") for rule in rules if rule.startswith("frame-ancestors ")
    ]
    return found


async def test_only_the_pages_for_frames_can_be_framed(visitor, client, database, organization):
    event = await make_event(database, organization, FREE)
    path = f"/events/{event.slug}"

    framed = [await visitor.open(one) for one in ("/widget", f"{path}/widget")]
    cart = await visitor.cart(event, 1)
    others = [await visitor.open(one) for one in ("", path, cart, "/orders", "/nothing", f"{path}x/widget")]
    async with at_desk(client, database, organization) as desk:
        others.append(await desk.open(f"/events/{event.id}/sharing"))

    assert {(answer.status_code, ancestors(answer)) for answer in framed} == {(200, "*")}
    assert {ancestors(answer) for answer in others} == {"'none'"}


async def test_frame_leads_out_of_itself_and_gives_nobody_a_cookie(visitor, database, organization):
    event = await make_event(database, organization, FREE, title=NASTY)

    answer = await visitor.open(f"/events/{event.slug}/widget")
    again = await visitor.http.get(answer.url.path, headers={"If-None-Match": answer.headers["etag"]})

    assert meta(answer.text, "robots") == ["noindex"]
    assert '<base target="_top">' in answer.text
    assert f'action="/{organization.slug}/events/{event.slug}/reserve"' in answer.text
    assert f'name="quantity-{event.ticket_types[0].id}"' in answer.text
    assert "<script>alert" not in answer.text
    assert "set-cookie" not in answer.headers
    told = re.search(r' data-live="([^"]+)"', answer.text)[1]
    assert told == f"{answer.url.path}/live"
    news = await visitor.http.get(f"{told}.json")
    assert [one["id"] for one in news.json()["types"]] == [str(event.ticket_types[0].id)]
    assert "set-cookie" not in news.headers
    assert again.status_code == 304


async def test_frame_shows_what_everybody_may_see(visitor, database, organization, owner_sql):
    await make_event(database, organization, title="In the open")
    unlisted = await make_event(database, organization, title="By link", visibility=Visibility.UNLISTED)
    private = await make_event(database, organization, title="For friends", visibility=Visibility.PRIVATE)

    home = (await visitor.open("/widget")).text

    assert "In the open" in home
    assert "By link" not in home
    assert "For friends" not in home
    assert (await visitor.open(f"/events/{unlisted.slug}/widget")).status_code == 200
    assert (await visitor.open(f"/events/{private.slug}/widget")).status_code == 404
    former = f"{organization.slug}-old"
    add = "INSERT INTO organization_slugs (slug, organization_id, current) VALUES ($1, $2, false)"
    await owner_sql.execute(add, former, organization.id)
    for path in ("/widget", f"/events/{unlisted.slug}/widget"):
        moved = await visitor.http.get(f"/{former}{path}")
        assert (moved.status_code, moved.headers["location"]) == (301, f"/{organization.slug}{path}")


async def test_script_has_an_address_that_lasts(visitor):
    answer = await visitor.http.get("/widget.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=3600"


async def test_office_shows_the_lines_to_paste(client, database, organization):
    event = await make_event(database, organization, title=NASTY, slug="night")
    async with at_desk(client, database, organization) as desk:
        page = await desk.page(f"/events/{event.id}/sharing")

    pasted = unescape(page.partition('id="snippet"')[2].partition(">")[2].partition("</textarea>")[0])
    base = "http://localhost:8000"
    assert pasted == (
        f'<a href="{base}/{organization.slug}/events/night" data-foyer>Tickets: Night &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; "more"</a>\n'
        f'<script src="{base}/widget.js" async></script>'
    )
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("changes", "words"), [({"publish": False}, "Publish the event"), ({"visibility": Visibility.PRIVATE}, "Private events open")]
)  # fmt: skip
async def test_office_shares_nothing_that_nobody_can_open(client, database, organization, changes, words):
    event = await make_event(database, organization, **changes)
    async with at_desk(client, database, organization) as desk:
        page = await desk.page(f"/events/{event.id}/sharing")

    assert words in page
    assert "data-foyer" not in page
    assert "card.png" not in page
