"""Whatever is typed into whichever field, every page of a shop shows it as text."""

import re
from uuid import UUID

import pytest

from foyer.domains.events.rules import safe_prose
from foyer.infra.db.engine import Database
from tests.support.hostile import MARKUP, dangers, nasty
from tests.support.hostile_shop import hostile_buyer, hostile_shop
from tests.web.conftest import hidden
from tests.web.test_shop import reserved

SWEPT = """UPDATE carts SET status = 'expired', created_at = created_at - interval '1 hour', expires_at = foyer_now() - interval '1 minute'
WHERE organization_id = $1 AND id = $2"""
GONE = """UPDATE pools SET sold = capacity - held WHERE organization_id = $1
AND id IN (SELECT pool_id FROM ticket_types WHERE organization_id = $1 AND event_id = $2)"""


async def test_no_page_of_a_shop_runs_what_was_typed(client, visitor, database: Database, owner_sql):
    shop = visitor.shop = await hostile_shop(database)
    pages = {"home": (await visitor.open()).text, "widget": (await visitor.open("/widget")).text}
    for number, event in enumerate(shop.events):
        pages[f"event {number}"] = (await visitor.open(f"/events/{event.slug}")).text
        pages[f"widget {number}"] = (await visitor.open(f"/events/{event.slug}/widget")).text
        cart = await reserved(visitor, event, 1)
        pages[f"code {number}"] = (
            await visitor.send(f"{cart}/code", {"discountCode": nasty(60, number)})
        ).text
        wrong = {**hostile_buyer(number), "email": nasty(100, number), "discountCode": nasty(60, number)}
        pages[f"checkout {number}"] = (await visitor.send(f"{cart}/checkout", wrong)).text
        total = hidden((await visitor.open(cart)).text, "expectedTotal")
        placed = await visitor.send(f"{cart}/checkout", {**hostile_buyer(number), "expectedTotal": total})
        assert placed.status_code == 303
        pages[f"order {number}"] = (await visitor.http.get(placed.headers["location"])).text
        for own in re.findall(r'href="(/[^"]*/tickets/[^"/]*)"', pages[f"order {number}"])[:1]:
            pages[f"ticket {number}"] = (await visitor.http.get(own.replace("&amp;", "&"))).text
    for number, event in enumerate(shop.events[:2]):
        cart = await reserved(visitor, event, 1)
        await owner_sql.execute(SWEPT, shop.id, UUID(cart.rpartition("/")[2]))
        pages[f"expired {number}"] = (await visitor.open(cart)).text
        await owner_sql.execute(GONE, shop.id, event.id)
        wish = {"waiting-type": str(event.ticket_types[0].id), "waiting-quantity": "1"}
        for kind, email in (("refused", nasty(100, number)), ("joined", "mira@lund.example")):
            form = {**wish, "waiting-email": email}
            answer = await visitor.send(f"/events/{event.slug}/waiting-list", form)
            pages[f"{kind} {number}"] = answer.text
            assert answer.status_code == (200 if kind == "joined" else 422), answer.text
    for number in range(0, len(MARKUP), 20):
        answer = await visitor.http.get(
            f"/{shop.slug}", params={"q": MARKUP[number], "category": MARKUP[-number - 1]}
        )
        pages[f"search {number}"] = answer.text
    found = await visitor.send("/orders", {"email": nasty(100, 3)})
    pages["find"] = found.text

    assert {name: dangers(text) for name, text in pages.items() if dangers(text)} == {}
    assert len([name for name in pages if name.startswith("ticket")]) == len(shop.events)
    assert "{{ 7 * 7 }}" in "".join(pages.values())
    assert all("boom()" in text for name, text in pages.items() if name != "find")


def test_the_eye_for_dangers_sees_each_of_them():
    """A page that shows the payloads as they are must be found out, or the test above proves nothing."""
    unseen = [one for one in MARKUP if "<" in one and "boom()" in one and not dangers(f"<p>{one}</p>")]

    assert unseen == []
    assert dangers('<a href="javascript:boom()">x</a>')
    assert dangers('<form action="//evil.example">')
    assert dangers('<p style="color:red">x</p>')
    assert dangers('<base href="https://evil.example" target="_top">')
    for held in ("boom()", '"</"', '{"a": "<!--<script>"}', '{"a": "</script><script>boom()</script>"}'):
        assert dangers(f'<script type="application/ld+json">{held}</script>'), held
    assert not dangers(
        '<script type="application/ld+json">{"a": "\\u003cscript"}</script><base target="_top">'
    )
    assert len(MARKUP) >= 200


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<a href="https://example.org" onclick="boom()">out</a>', '<a href="https://example.org" rel="noopener noreferrer nofollow">out</a>'),
        ('<a href="mailto:a@b.example">us</a>', '<a href="mailto:a@b.example" rel="noopener noreferrer nofollow">us</a>'),
        ('<a href="/office/orders">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="//evil.example">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="ftp://evil.example">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="java&#115;cript:boom()">x</a>', '<a rel="noopener noreferrer nofollow">x</a>'),
        ('<img src="/sign-out" alt="a">', '<img alt="a">'),
        ('<img src="data:image/svg+xml,x" alt="a">', '<img alt="a">'),
        ("<h1>Ours</h1><nav>too</nav>", "Ourstoo"),
        ("<h2>Who plays</h2><p><em>All</em></p>", "<h2>Who plays</h2><p><em>All</em></p>"),
        ("<p style='position:fixed' class='bar' id='main'>x</p>", "<p>x</p>"),
    ],
)  # fmt: skip
def test_description_keeps_its_marks_and_loses_what_acts(written, shown):
    assert safe_prose(written) == shown
