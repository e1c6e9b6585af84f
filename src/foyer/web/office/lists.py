"""Lists of the office: what an address asks for, read kindly, and written again with one thing changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from foyer.kernel.paging import Spot, Stretch
from foyer.web.shared.filters import LOCALE
from foyer.web.shared.render import AnyRequest

ROWS: Final = 25
COUNTED_MAX: Final = 1_000
"""Beyond so many rows a list says “more than”: counting all of them would cost more than it tells."""
Q_MAX: Final = 200
K = TypeVar("K", bound=StrEnum)
_MARKS: Final = ("after", "before")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands behind the `?` of a list; what nobody here knows is passed over."""

    path: str
    given: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.given.get(name, "")[:Q_MAX].strip()

    def choice(self, name: str, kinds: type[K]) -> K | None:
        value = self.text(name)
        return kinds(value) if value in {one.value for one in kinds} else None

    def id(self, name: str) -> UUID | None:
        try:
            return UUID(self.text(name))
        except ValueError:
            return None

    @property
    def spot(self) -> Spot:
        return Spot(
            after=self.text("after") or None,
            before=self.text("before") or None,
            oldest_first=self.text("sort") == "oldest",
        )

    def href(self, **changes: str | None) -> str:
        """The list with something changed, from its beginning unless a mark is among the changes."""
        kept = {name: value for name, value in self.given.items() if value and name not in _MARKS}
        merged = {**kept, **changes}
        query = urlencode({name: value for name, value in merged.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What a search form has to keep."""
        return [(name, value) for name, value in self.given.items() if value and name not in {"q", *_MARKS}]

    def pages(self, found: Stretch[Any]) -> tuple[str | None, str | None]:
        """Where the pages before and after this one are."""
        return (
            self.href(before=found.before) if found.before else None,
            self.href(after=found.after) if found.after else None,
        )


def asked(request: AnyRequest, path: str, *names: str) -> Asked:
    """What a request asks a list for; only parameters of these names are kept."""
    known = {"q", "sort", *_MARKS, *names}
    return Asked(path, {name: value for name, value in request.query_params.items() if name in known})


def counted(count: int, one: str, many: str) -> str:
    """`1 order`, `131 orders`, `More than 1,000 orders`."""
    if count > COUNTED_MAX:
        return f"More than {COUNTED_MAX:,} {many}"
    return f"{count:,} {one if count == 1 else many}"


def brief(at: datetime, zone: str, now: datetime) -> str:
    """`15:40` today, `20 Nov, 15:40` this year, `20 Nov 2025` before."""
    clock = ZoneInfo(zone)
    there, here = at.astimezone(clock), now.astimezone(clock)
    if there.date() == here.date():
        pattern = "HH:mm"
    else:
        pattern = "d MMM, HH:mm" if there.year == here.year else "d MMM y"
    return format_datetime(there, pattern, tzinfo=clock, locale=LOCALE)
