"""What may be chosen of long lists: zones, countries, currencies, as pairs of value and words."""

from typing import Final

import pycountry
from babel import Locale
from babel.numbers import get_currency_name

from foyer.kernel.money import CURRENCIES
from foyer.kernel.time import zone_names

_LOCALE: Final = Locale.parse("en")

ZONES: Final = tuple((name, name.replace("_", " ")) for name in sorted(zone_names()))
COUNTRIES: Final = (("", "—"), *sorted(
    ((one.alpha_2, _LOCALE.territories.get(one.alpha_2, one.name)) for one in pycountry.countries), key=lambda pair: str(pair[1]),
))  # fmt: skip
_COMMON: Final = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD")
CURRENCY_CHOICES: Final = tuple(
    (code, f"{code} · {get_currency_name(code, locale='en')}")
    for code in (*_COMMON, *sorted(CURRENCIES - set(_COMMON)))
)
