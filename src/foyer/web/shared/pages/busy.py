"""Too much at once: the page that waits."""

from dataclasses import dataclass

from foyer.domains.organizations.types import Shop
from foyer.web.shared.pages.browse import QUANTITY_FIELD
from foyer.web.shared.words import _, ngettext


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

    @property
    def title(self) -> str:
        return _("Very busy right now")

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
            kept = ngettext(
                "Your choice of %(n)s ticket is kept", "Your choice of %(n)s tickets is kept", chosen
            ) % {"n": chosen}
            return "ticket", kept, _("They are reserved as soon as we get through.")
        typed = _("What you typed is kept")
        if "/carts/" in self.address:
            return "clock", typed, _("Your places stay reserved until their time is up.")
        return "check", typed, _("It is sent once, as soon as we get through.")
