"""Pages about the organization itself."""

from dataclasses import dataclass
from typing import ClassVar

from foyer.kernel.color import contrast, theme
from foyer.web.office.frame import Frame
from foyer.web.office.pages.choices import COUNTRIES, CURRENCY_CHOICES, ZONES
from foyer.web.office.pages.form import FormState

FIELDS = {
    "house": (
        "name", "slug", "email", "phone", "website", "timeZone", "language", "address.line1", "address.line2",
        "address.postalCode", "address.city", "address.state", "address.country",
    ),
    "selling": (
        "defaultCurrency", "serviceFeePercentage", "serviceFeeFixed", "allowGuestCheckout", "ticketTransfersEnabled",
        "emailNotifications", "abandonedCartMails", "refundPolicy", "taxNumber", "paymentInstructions", "privacyPolicyUrl",
        "termsOfServiceUrl",
    ),
    "look": ("primaryColor", "secondaryColor", "logo"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One tab of the settings."""

    frame: Frame
    current: str
    form: FormState
    was_changed: bool = False
    tabs: ClassVar = [
        ("house", "Organization", "/office/settings"),
        ("look", "Look", "/office/settings/look"),
        ("selling", "Selling", "/office/settings/selling"),
    ]
    zones: ClassVar = ZONES
    countries: ClassVar = COUNTRIES
    currencies: ClassVar = CURRENCY_CHOICES
    languages: ClassVar = [("en", "English"), ("de", "Deutsch")]

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS[self.current]


@dataclass(frozen=True, slots=True)
class Swatch:
    """One derived colour, by the name of its custom property, with what stands on it."""

    name: str
    words: str
    value: str
    ratio: str = ""


@dataclass(frozen=True, slots=True)
class LookPage(SettingsPage):
    """Logo and colours, and what follows from them."""

    logo: str | None = None

    @property
    def colors(self) -> tuple[str, str]:
        """The two colours of the form, or the shop's where one is none."""
        shop = self.frame.shop
        pairs = (("primaryColor", shop.primary_color), ("secondaryColor", shop.secondary_color))
        first, second = (
            value if _is_color(value := self.form.value(name)) else standing for name, standing in pairs
        )
        return first, second

    @property
    def theme_href(self) -> str:
        return "/theme/{}-{}.css".format(*(color.lstrip("#").lower() for color in self.colors))

    @property
    def swatches(self) -> list[Swatch]:
        """The accents in light mode; each text is as readable as its ratio says."""
        tones = theme(*self.colors).light
        return [
            Swatch("accent", "Buttons", tones.accent, _ratio(tones.on_accent, tones.accent)),
            Swatch("accent-text", "Links and chosen things", tones.accent_text, _ratio(tones.accent_text, tones.surface)),
            Swatch("soft", "Grounds", tones.soft, _ratio(tones.accent_text, tones.soft)),
            Swatch("second-text", "Second line of charts", tones.second_text, _ratio(tones.second_text, tones.surface)),
        ]  # fmt: skip

    @property
    def is_moved(self) -> bool:
        """Whether the colour had to be moved until text on it can be read."""
        return theme(*self.colors).light.accent != self.colors[0].lower()


def _ratio(text: str, ground: str) -> str:
    return f"{contrast(text, ground):.1f}:1"


def _is_color(text: str) -> bool:
    return (
        len(text) == len("#000000")
        and text[0] == "#"
        and all(one in "0123456789abcdefABCDEF" for one in text[1:])
    )
