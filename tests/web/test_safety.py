"""What strangers type never becomes markup, and every page says what it may load."""

import re
from html.parser import HTMLParser

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.support.world import make_event, make_organization
from tests.web.conftest import CONTACT
from tests.web.test_shop import reserved


class Markup(HTMLParser):
    """What a browser would run or follow of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts += 1
            own = re.fullmatch(r"/static/[0-9a-f]{12}/[a-z]+\.js", given.get("src") or "")
            self.dangers += [] if own else [f"<script {given}>"]
        self.dangers += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        addresses = [given[name] or "" for name in ("href", "src", "action") if name in given]
        self.dangers += [one for one in addresses if one.lower().startswith(("javascript:", "data:"))]


NASTY = [
    "</title><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "{% raw %}", "javascript:alert(1)",
    "' onmouseover='alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("payload", NASTY)
async def test_nothing_typed_becomes_markup(client, visitor, database: Database, payload):
    shop = await make_organization(database, name=payload, refund_policy=payload)
    event = await make_event(
        database, shop, TicketTypeDraft(name=payload, quantity=5, is_free=True, description=payload), title=payload,
        description=f"<p>{payload}</p><script>alert(1)</script>", short_description=payload, category=payload[:60],
        venue_name=payload, address=payload, city=payload, seo_title=payload, seo_description=payload, slug="event",
    )  # fmt: skip
    visitor.shop = shop
    path = await reserved(visitor, event, 1)
    broken = await visitor.send(f"{path}/checkout", dict.fromkeys(CONTACT, payload))
    placed = await visitor.send(f"{path}/checkout", {**CONTACT, "firstName": payload, "lastName": payload})
    pages = [await visitor.open(), await visitor.open("/events/event"), broken]
    pages += [await visitor.http.get(placed.headers["location"]), await visitor.open(f"?q={payload}")]

    for page in pages:
        seen = Markup()
        seen.feed(page.text)
        assert seen.scripts == 2
        assert seen.dangers == []
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)


async def test_every_page_carries_the_policy(visitor, database: Database, organization):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)
    placed = await visitor.send(f"{path}/checkout", CONTACT)
    pages = [
        "/",
        f"/{organization.slug}",
        f"/{organization.slug}/events/{event.slug}",
        placed.headers["location"],
        "/no/where",
    ]

    for address in pages:
        page = await visitor.http.get(address)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "private, no-store"
        for asset in re.findall(r'(?:src|href)="(/[^"]*\.(?:css|js|svg|woff2)[^"]*)"', page.text):
            assert (await visitor.http.get(asset)).status_code == 200, asset


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../settings.py",
        "/static/x/base.html",
        "/static/x/foyer.css.map",
        "/static/x/fonts/geist-mono.LICENSE.txt",
        "/theme/58188f.css",
    ],
)
async def test_only_our_own_files_are_served(visitor, path):
    assert (await visitor.http.get(path)).status_code == 404
