"""An event as its buyers would see it."""

from dataclasses import dataclass

from foyer.web.shared.pages import EventPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(EventPage):
    """The shop's own page, with the way back to the office."""

    back: str
