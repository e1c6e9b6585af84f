"""Pages about how an event is shown elsewhere."""

from dataclasses import dataclass
from html import escape

from foyer.domains.events.types import EventStaff
from foyer.web.office.frame import Frame
from foyer.web.office.pages.events import EventHead


@dataclass(frozen=True, slots=True)
class SharingPage:
    """`base` is how the world reaches this installation; `picture` is empty while the shop does not show the event."""

    frame: Frame
    head: EventHead
    base: str
    picture: str

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def path(self) -> str:
        return f"/{self.frame.shop.slug}/events/{self.event.slug}"

    @property
    def address(self) -> str:
        return f"{self.base}{self.path}"

    @property
    def snippet(self) -> str:
        """What is pasted into a website to sell this event there."""
        return self._snippet(self.address, f"Tickets: {self.event.title}")

    @property
    def shop_snippet(self) -> str:
        """What is pasted into a website to list all events there."""
        return self._snippet(f"{self.base}/{self.frame.shop.slug}", f"Tickets of {self.frame.shop.name}")

    def _snippet(self, address: str, words: str) -> str:
        link = f'<a href="{address}" data-foyer>{escape(words, quote=False)}</a>'
        return f'{link}\n<script src="{self.base}/widget.js" async></script>'
