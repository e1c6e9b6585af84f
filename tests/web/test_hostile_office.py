"""Every page of the office, found by its route, shows hostile texts as texts: what is stored, and what comes back in a form."""

import re
from html.parser import HTMLParser
from uuid import UUID

import httpx

from foyer.domains.events import create_discount, create_pool
from foyer.domains.events.types import DiscountDraft, SharedPoolDraft
from foyer.infra.db.engine import Database
from tests.support.hostile import dangers, nasty
from tests.support.hostile_shop import hostile_buyer, hostile_shop
from tests.support.world import Organization, signed_in
from tests.web.conftest import Visitor, hidden, order_id
from tests.web.test_shop import reserved

ENDINGS = re.compile(
    r"/(?:cancellation|deletion|refund|revocation|end|end-others|publication|place|order|sign-out|logo|pictures)$"
)
"""Forms that end or move something; they carry no text that comes back."""


class Forms(HTMLParser):
    """The forms of a page that send text: where to, and under which names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("method", "").lower() == "post"
            if self._open:
                self.found.append((given.get("action", ""), {}))
        elif self._open and tag in {"input", "textarea", "select"} and given.get("name"):
            kind = given.get("type", "text")
            if kind in {"hidden", "radio", "checkbox", "submit", "file"}:
                if kind == "hidden" or "checked" in given:
                    self.found[-1][1][given["name"]] = given.get("value", "on")
            else:
                self.found[-1][1][given["name"]] = nasty(100, len(given["name"]) + len(self.found[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


async def furnished(database: Database, visitor: Visitor) -> tuple[Organization, dict[str, UUID]]:
    """A hostile shop with an order, an area, a discount: and the ids by which routes name them."""
    shop = visitor.shop = await hostile_shop(database, events=2)
    event = shop.events[0]
    async with database.write(shop.id) as tx:
        draft = DiscountDraft(code="BOOM", percentage=10)
        discount = await create_discount(tx, draft, actor=shop.owner)
        pool = await create_pool(
            tx, event.id, SharedPoolDraft(name=nasty(120, 9), capacity=5), actor=shop.owner
        )
    cart = await reserved(visitor, event, 1)
    total = hidden((await visitor.open(cart)).text, "expectedTotal")
    placed = await visitor.send(f"{cart}/checkout", {**hostile_buyer(2), "expectedTotal": total})
    order = order_id(placed.headers["location"])
    page = (await visitor.http.get(placed.headers["location"])).text
    ticket = re.search(r"/tickets/([0-9a-f-]{36})", page)
    assert ticket is not None
    return shop, {
        "event_id": event.id, "type_id": event.ticket_types[0].id, "pool_id": pool.id, "order_id": order, "ticket_id": UUID(ticket[1]),
        "discount_id": discount.id, "device_id": shop.device_id, "tax_rate_id": next(one.tax_rate_id for one in event.ticket_types if one.tax_rate_id),
    }  # fmt: skip


def addresses(client: httpx.AsyncClient, known: dict[str, UUID]) -> list[str]:
    """Every page of the office and its entrance whose ids are all known."""
    found = []
    for route in client._transport.app.app.routes:
        if (
            not re.match(r"/(?:office|sign-|confirm|password-reset)", route.path)
            or "GET" not in route.methods
        ):
            continue
        path = re.sub(r"\{(\w+):\w+\}", lambda hit: str(known.get(hit[1], "{unknown}")), route.path)
        if "{" not in path:
            found.append(path)
    return found


async def test_no_page_of_the_office_runs_what_was_typed(client, visitor, database: Database):
    shop, known = await furnished(database, visitor)
    http = visitor.http
    await signed_in(http, shop)
    pages: dict[str, str] = {}
    for path in addresses(client, known):
        answer = await http.get(path, follow_redirects=True)
        assert answer.status_code < 500, (path, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            pages[path] = answer.text
    for path, q in (("/office/events", 3), ("/office/orders", 5), ("/office/search", 7)):
        pages[f"{path}?q"] = (await http.get(path, params={"q": nasty(100, q)})).text

    for path, page in list(pages.items()):
        forms = Forms()
        forms.feed(page)
        for action, fields in forms.found:
            goal = action or path
            if not fields or f"POST {goal}" in pages or ENDINGS.search(goal.partition("?")[0]):
                continue
            answer = await http.post(goal, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code < 500, (goal, answer.status_code)
            pages[f"POST {goal}"] = answer.text

    assert {name: dangers(text) for name, text in pages.items() if dangers(text)} == {}
    assert len([name for name, text in pages.items() if "boom()" in text]) >= 25
