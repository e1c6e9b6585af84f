"""What search engines and messengers are told: of what everybody may see, and of nothing else."""

import io
import json
import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace
from PIL import Image

from foyer.domains.checkout import cancel_event
from foyer.domains.events import edit_event
from foyer.domains.events.types import TicketTypeDraft, Visibility
from foyer.domains.organizations import keep_image
from tests.support.pictures import picture
from tests.support.world import make_event

BASE = "http://localhost:8000"
NASTY = 'Night </script><script>alert(1)</script> & "more"'


def described(page: str):
    """What a page says of itself to a machine."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def meta(page: str, name: str) -> list[str]:
    return re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)


def canonical(page: str) -> list[str]:
    return re.findall(r'<link rel="canonical" href="([^"]*)">', page)


def addresses(sitemap: bytes) -> list[str]:
    root = ET.fromstring(sitemap)
    return [loc.text for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


async def edit(database, organization, event, **changes):
    async with database.write(organization.id) as tx:
        await edit_event(tx, event.id, lambda draft: replace(draft, **changes), actor=organization.owner)


async def test_event_describes_itself_whole_and_breaks_out_of_nothing(visitor, database, organization):
    event = await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=5, price=2_500),
        TicketTypeDraft(name="Box", quantity=1, price=9_000, sort_order=1), title=NASTY, description="<p>One</p><p>Two &amp; three</p>",
        slug="night", venue_name="Old Mill", city="Lund", country="SE", location_type="hybrid",
        virtual_event_url="https://meet.example.org/secret",
    )  # fmt: skip

    page = (await visitor.open("/events/night?from=mail")).text

    here = f"{BASE}/{organization.slug}/events/night"
    assert (canonical(page), meta(page, "og:url"), meta(page, "robots")) == ([here], [here], [])
    assert meta(page, "description") == meta(page, "og:description") == ["One Two &amp; three"]
    assert "alert(1)</script>" not in page
    told = described(page)
    assert (told["@type"], told["name"], told["url"]) == ("Event", NASTY, here)
    assert told["startDate"].startswith(f"{event.start_date}T{event.start_time}")
    assert told["startDate"].endswith(("+01:00", "+02:00"))
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert [place["@type"] for place in told["location"]] == ["Place", "VirtualLocation"]
    assert told["location"][0]["address"]["addressLocality"] == "Lund"
    assert "meet.example" not in page
    assert [(one["price"], one["priceCurrency"], one["availability"]) for one in told["offers"]] == [
        ("25.00", "EUR", "https://schema.org/InStock"),
        ("90.00", "EUR", "https://schema.org/InStock"),
    ]


async def test_cancelled_event_says_so_to_machines_too(visitor, database, organization):
    event = await make_event(database, organization)
    async with database.write(organization.id) as tx:
        await cancel_event(tx, event.id, actor=organization.owner)

    told = described((await visitor.open(f"/events/{event.slug}")).text)

    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert {one["availability"] for one in told["offers"]} == {"https://schema.org/SoldOut"}


async def test_unlisted_event_asks_not_to_be_found_from_the_moment_it_is_one(
    visitor, client, database, organization
):
    event = await make_event(database, organization)
    assert meta((await visitor.open(f"/events/{event.slug}")).text, "robots") == []

    await edit(database, organization, event, visibility=Visibility.UNLISTED)
    client._transport.app.app.state.desks.forget_shown(organization.id)
    page = (await visitor.open(f"/events/{event.slug}")).text

    assert meta(page, "robots") == ["noindex"]
    assert meta(page, "og:url") == [f"{BASE}/{organization.slug}/events/{event.slug}"]


async def test_only_the_plain_home_is_to_be_found(visitor, database, organization):
    await make_event(database, organization, title="Brass in the park", slug="brass")

    home, searched = (await visitor.open()).text, (await visitor.open("?q=brass")).text
    odd = (await visitor.open("?utm_source=letter&days=soon")).text

    assert canonical(home) == canonical(odd) == [f"{BASE}/{organization.slug}"]
    shop, events = described(home)["@graph"]
    assert shop["@type"] == "Organization"
    assert [one["url"] for one in events["itemListElement"]] == [f"{BASE}/{organization.slug}/events/brass"]
    assert (meta(searched, "robots"), canonical(searched)) == (["noindex"], [])


async def test_pages_for_one_buyer_are_not_to_be_found(visitor, other_visitor, database, organization):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=5, is_free=True))
    cart = await visitor.cart(event, 1)
    anybody = await other_visitor.open(cart)
    order = await visitor.http.get(await visitor.place(cart))
    refused = await visitor.reserve(event.slug)

    assert anybody.status_code == 404  # so that a cart's own page has nothing to ask
    assert [meta(page.text, "robots") for page in (anybody, order, refused)] == [["noindex"]] * 3


def drawn(answer):
    """The colours of a picture where its cover is, made small enough to compare."""
    with Image.open(io.BytesIO(answer.content), formats=("PNG",)) as picture:
        assert picture.size == (1200, 630)
        return picture.convert("RGB").crop((700, 0, 1200, 630)).resize((8, 8), Image.Resampling.BOX).tobytes()


async def test_event_has_a_card_that_is_drawn_once_and_again_when_it_says_something_else(
    visitor, client, database, organization, owner_sql
):
    event = await make_event(database, organization, title=NASTY)
    made = "SELECT count(*) FROM files WHERE organization_id = $1 AND media_type = 'image/png' AND subject_id = $2"

    async def shown():
        page = (await visitor.open(f"/events/{event.slug}")).text
        (address,) = meta(page, "og:image")
        assert described(page)["image"] == address
        return address.removeprefix(BASE)

    first = await shown()
    assert await owner_sql.fetchval(made, organization.id, event.id) == 0  # a page draws nothing
    card, again = await visitor.http.get(first), await visitor.http.get(first)

    assert (card.status_code, card.headers["content-type"]) == (200, "image/png")
    assert "immutable" in card.headers["cache-control"]
    assert again.content == card.content
    assert len(card.content) < 600_000  # what is larger, some messengers leave out
    assert await owner_sql.fetchval(made, organization.id, event.id) == 1
    house = client._transport.app.app.state.workshop
    photograph = await keep_image(
        database, house.files, picture("JPEG", (900, 600)), actor=organization.owner, field="file"
    )
    await edit(database, organization, event, featured_image=photograph.address)
    client._transport.app.app.state.desks.forget_shown(organization.id)
    second = await shown()
    assert second != first
    photographed, stale = await visitor.http.get(second), await visitor.http.get(first)
    assert set(drawn(photographed)) == {0}  # a black photograph
    assert set(drawn(card)) != {0}
    assert stale.content == photographed.content
    assert "immutable" not in stale.headers["cache-control"]


async def test_card_speaks_the_language_of_the_page_it_stands_on(visitor, database, organization):
    event = await make_event(database, organization)
    cards = {}
    for language in ("de", "en"):
        spoken = {"Accept-Language": language}
        page = await visitor.http.get(f"/{organization.slug}/events/{event.slug}", headers=spoken)
        (address,) = meta(page.text, "og:image")
        cards[language] = address.removeprefix(BASE)

    bare, here = await visitor.http.get(cards["de"]), {"Accept-Language": "en"}
    asked = await visitor.http.get(cards["de"], headers=here)
    former = await visitor.http.get(cards["de"][:-1], headers=here)
    english = await visitor.http.get(cards["en"], headers={"Accept-Language": "de"})

    assert bare.content == asked.content == former.content != english.content
    assert "immutable" in asked.headers["cache-control"]
    assert "Accept-Language" in former.headers["vary"]


async def test_shop_has_a_card_and_what_is_not_shown_has_none(visitor, database, organization, owner_sql):
    hidden = await make_event(database, organization, visibility=Visibility.PRIVATE)

    (address,) = meta((await visitor.open()).text, "og:image")
    drawn(await visitor.http.get(address.removeprefix(BASE)))
    refused = await visitor.open(f"/events/{hidden.slug}/card.png")

    assert refused.status_code == 404
    made = "SELECT subject_id FROM files WHERE organization_id = $1"
    assert [row[0] for row in await owner_sql.fetch(made, organization.id)] == [organization.id]


async def test_sitemaps_name_what_is_public_and_coming_and_nothing_else(
    visitor, database, organization, stranger, owner_sql
):
    await make_event(database, organization, slug="open")
    await make_event(database, organization, slug="draft", publish=False)
    await make_event(database, organization, slug="unlisted", visibility=Visibility.UNLISTED)
    await make_event(database, organization, slug="private", visibility=Visibility.PRIVATE)
    await make_event(database, stranger, slug="theirs", visibility=Visibility.UNLISTED)
    past = await make_event(database, organization, slug="past")
    await owner_sql.execute(
        "UPDATE events SET starts_at = starts_at - interval '9 years', ends_at = ends_at - interval '9 years' WHERE id = $1", past.id
    )  # fmt: skip
    home = f"{BASE}/{organization.slug}"

    shop = await visitor.open("/sitemap.xml")
    assert addresses(shop.content) == [home, f"{home}/events/open"]
    assert shop.headers["content-type"] == "application/xml"
    again = await visitor.http.get(shop.url.path, headers={"If-None-Match": shop.headers["etag"]})
    assert again.status_code == 304

    def entry(sitemap):
        found = addresses(sitemap.content)
        return f"{home}/sitemap.xml" in found, f"{BASE}/{stranger.slug}/sitemap.xml" in found

    assert entry(await visitor.http.get("/sitemap.xml")) == (True, False)
    await owner_sql.execute("UPDATE organizations SET is_rehearsal = true WHERE id = $1", organization.id)
    assert entry(await visitor.http.get("/sitemap.xml")) == (False, False)


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/lund", True), ("/lund/events/night", True), ("/officers", True), ("/lund/orders", True), ("/office/events", False),
        ("/api/v1/shops/lund", False),
    ],
)  # fmt: skip
async def test_crawlers_are_told_where_to_go(visitor, path, may):
    answer = await visitor.http.get("/robots.txt")
    rules = RobotFileParser()
    rules.parse(answer.text.splitlines())

    assert answer.headers["content-type"].startswith("text/plain")
    assert rules.site_maps() == [f"{BASE}/sitemap.xml"]
    assert rules.can_fetch("*", f"{BASE}{path}") is may
