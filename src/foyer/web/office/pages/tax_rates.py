"""Pages about tax rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from foyer.domains.events.types import TaxRate
from foyer.web.office.frame import Frame
from foyer.web.office.pages.choices import COUNTRIES
from foyer.web.office.pages.form import FormState


@dataclass(frozen=True, slots=True)
class TaxRatesPage:
    frame: Frame
    rates: Sequence[TaxRate]


@dataclass(frozen=True, slots=True)
class TaxRatePage:
    """One tax rate, or a new one."""

    frame: Frame
    form: FormState
    rate: TaxRate | None = None
    was_changed: bool = False
    countries: ClassVar = COUNTRIES
    fields: ClassVar = ("name", "ratePercentage", "inclusive", "country")
    ways: ClassVar = (
        ("yes", "Contained in prices", "A price of 119 with 19% contains 19 of tax."),
        ("no", "On top of prices", "A price of 100 with 19% is paid with 119."),
    )

    @property
    def href(self) -> str:
        return f"/office/tax-rates/{self.rate.id if self.rate else 'new'}"
