"""Looking: the page of an event and its offer in the API, by somebody new and by somebody who has it already."""

import http.client
from typing import ClassVar

from benchmarks.load import raw
from benchmarks.operation import Operation
from benchmarks.world import SLUG, Sold, World


class Page(Operation):
    name = "page"
    empty = "empty page"
    is_known: ClassVar[bool] = False

    def requests(self, world: World, events: int, _count: int) -> list[bytes]:
        found = []
        for sold in world.cast.events(events):
            tag = entity_tag(world.url, self.path(sold)) if self.is_known else None
            found.append(raw("GET", self.path(sold), headers={"If-None-Match": tag} if tag else {}))
        return found

    def path(self, sold: Sold) -> str:
        return f"/{SLUG}/events/{sold.slug}"


class OfferRead(Page):
    name = "offer"
    empty = "empty offer"

    def path(self, sold: Sold) -> str:
        return f"/api/v1/shops/{SLUG}/events/{sold.event_id}"


class PageAgain(Page):
    name = "page again"
    is_known = True


class OfferAgain(OfferRead):
    name = "offer again"
    is_known = True


def entity_tag(url: str, path: str) -> str | None:
    """What the answer is known by, where it has such a name."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().headers["ETag"]
    finally:
        connection.close()
