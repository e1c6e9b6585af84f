"""Forms of the office: what was typed, read into values; what cannot be read becomes a finding beside its field.

A field has the name that the API has for it. Money is typed as people write it, moments on the clocks of a time zone.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from babel.numbers import get_currency_precision
from litestar.datastructures import FormMultiDict, UploadFile

from foyer.kernel.errors import Finding, FoyerError, Invalid
from foyer.kernel.money import AMOUNT_MAX, minor_to_decimal
from foyer.kernel.time import NonexistentTimeError, instant, zone_names
from foyer.web.shared.render import AnyRequest

NUMBER_DIGITS_MAX: Final = 15
_MONEY = re.compile(r"\d{1,15}(?:[.,](\d{1,4}))?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(?::00)?")


class Form:
    """One form as it was sent, with everything that could not be read of it."""

    def __init__(self, sent: FormMultiDict) -> None:
        self._sent = sent
        self.findings: list[Finding] = []

    @property
    def typed(self) -> dict[str, str]:
        """Every text field as it was sent, to be shown again."""
        return {name: self.text(name) for name in self._sent}

    def text(self, name: str) -> str:
        value = self._sent.get(name, "")
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def maybe(self, name: str) -> str | None:
        """A text that may be left out."""
        return self.text(name).strip() or None

    def many(self, name: str) -> list[str]:
        """Every value of a field that may be ticked several times."""
        return [value for value in self._sent.getall(name, []) if isinstance(value, str)]

    def ids(self, name: str, otherwise: str) -> list[UUID]:
        """As `many`, ids; where one is none, the field is wrong in these words, and there are none."""
        try:
            return [UUID(one) for one in self.many(name)]
        except ValueError:
            self.wrong(name, otherwise)
            return []

    def flag(self, name: str) -> bool:
        return bool(self.text(name))

    def file(self, name: str) -> UploadFile | None:
        """An upload, unless the field was left empty."""
        value = self._sent.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def choice(self, name: str, known: Iterable[str], default: str) -> str:
        value = self.text(name) or default
        if value in known:
            return value
        self.wrong(name, "Choose one of the list.")
        return default

    def number(self, name: str, default: int) -> int:
        """A whole number; an empty field is the default."""
        found = self.maybe_number(name)
        return default if found is None else found

    def maybe_number(self, name: str) -> int | None:
        text = re.sub(r"[\s,’']", "", self.text(name))
        if not text:
            return None
        if re.fullmatch(r"-?\d+", text) and len(text) <= NUMBER_DIGITS_MAX:
            return int(text)
        self.wrong(name, "Write a whole number, like 120.")
        return None

    def percent(self, name: str) -> float | None:
        text = self.text(name).replace("%", "").replace(",", ".").strip()
        if not text:
            return None
        try:
            number = float(Decimal(text))
        except (InvalidOperation, OverflowError):
            self.wrong(name, "Write a number from 0 to 100, like 7.5.")
            return None
        return number

    def money(self, name: str, currency: str) -> int | None:
        """Minor units of an amount as people write it: `12.50`, or `1200` where a currency has none."""
        digits = int(get_currency_precision(currency))
        text = re.sub(r"[\s’']", "", self.text(name))
        if not text:
            return None
        like = "1200" if digits == 0 else "12." + "5".ljust(digits, "0")
        if (read := _MONEY.fullmatch(text)) is None:
            self.wrong(name, f"Write an amount in {currency}, like {like}.")
            return None
        # "1,000" may be a thousand or one: more decimals than the currency has are asked about, also where they are zeros.
        minor = Decimal(text.replace(",", ".")).scaleb(digits)
        if len(read[1] or "") > digits or minor > AMOUNT_MAX:
            told = f"with at most {digits} decimals" if digits else "without decimals"
            self.wrong(name, f"Write an amount in {currency} {told}, like {like}.")
            return None
        return int(minor)

    def day(self, name: str, default: date) -> date:
        try:
            return date.fromisoformat(self.text(name).strip())
        except ValueError:
            self.wrong(name, "Choose a day, like 2027-06-11.")
            return default

    def clock(self, name: str) -> str:
        """A time of day as the rules want it; what is none is left to them."""
        text = self.text(name).strip()
        return text[:5] if _CLOCK.fullmatch(text) else text

    def moment(self, name: str, zone: str) -> datetime | None:
        """A day and a time in one field, on the clocks of a zone."""
        text = self.text(name).strip()
        if not text or zone not in zone_names():
            return None
        try:
            wall = datetime.fromisoformat(text)
            return instant(wall.date(), time(wall.hour, wall.minute), zone)
        except NonexistentTimeError as wrong:
            self.wrong(name, f"{wrong}; choose another time.")
        except (ValueError, OverflowError):
            self.wrong(name, "Choose a day and a time, like 2027-06-11 19:30.")
        return None

    def wrong(self, field: str, detail: str) -> None:
        self.findings.append(Finding(field, detail))


async def sent(request: AnyRequest) -> Form:
    """The form that came with a request."""
    return Form(await request.form())


def is_answerable(refused: FoyerError) -> bool:
    """Whether a refusal is one that a form can stand beside; the others have pages of their own."""
    return refused.status in {409, 412, 422}


def require_read(form: Form) -> None:
    """Stop where something could not be read.

    Raises:
        Invalid: naming each such field.
    """
    if form.findings:
        raise Invalid.of(form.findings)


def beside(refused: FoyerError, *, general: str = "") -> list[Finding]:
    """A refusal as findings beside the fields; one that names no field stands under `general`, above the form."""
    return list(refused.as_findings(general))


def money_text(amount: int | None, currency: str) -> str:
    """Minor units as they are typed."""
    return "" if amount is None else f"{minor_to_decimal(amount, currency):f}"


def percent_text(value: float | None) -> str:
    """A percentage as it is typed: no more decimals than it has."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def stepped(order: Sequence[UUID], moved: UUID, form: Form) -> list[UUID]:
    """The order in which one has gone a step, up or down as its `way` says: the way without a script."""
    place = order.index(moved)
    rest = [one for one in order if one != moved]
    rest.insert(max(0, place + (-1 if form.text("way") == "up" else 1)), moved)
    return rest


__all__ = ["Form", "beside", "is_answerable", "money_text", "percent_text", "require_read", "sent", "stepped"]
