"""Too much at once: the page that waits."""

from dataclasses import dataclass

from foyer.domains.organizations.types import Shop
from foyer.web.shared.pages.browse import QUANTITY_FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyPage:
    """A request that will work in a moment, and what is needed to send it again."""

    address: str
    """Path and query of what was asked for."""
    is_form: bool
    fields: list[tuple[str, str]] | None
    """What the form has sent; None where it is not sent again by itself."""
    pause_seconds: int
    calm_seconds: int
    """Between two tries of a page that has no script."""
    sentence: str
    shop: Shop | None = None
    title: str = "Very busy right now"

    @property
    def repeats(self) -> bool:
        """Whether trying again is left to the page."""
        return not self.is_form or self.fields is not None

    @property
    def kept(self) -> tuple[str, str, str] | None:
        """An icon, what is kept, and what stands reserved until we get through."""
        if self.fields is None:
            return None
        chosen = sum(
            int(text)
            for name, text in self.fields
            if name.startswith(QUANTITY_FIELD) and text.isascii() and text.isdigit() and len(text) <= 3
        )
        if chosen:
            words = "1 ticket" if chosen == 1 else f"{chosen} tickets"
            return "ticket", f"Your choice of {words} is kept", "They are reserved as soon as we get through."
        if "/carts/" in self.address:
            return "clock", "What you typed is kept", "Your places stay reserved until their time is up."
        return "check", "What you typed is kept", "It is sent once, as soon as we get through."
