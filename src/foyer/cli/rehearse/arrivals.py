"""When buyers come: a curve that falls off after the opening, or a trace of an on-sale that has been."""

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Final, NamedTuple

from foyer.kernel.dice import Dice
from foyer.settings import SettingsError

RUSH: Final = "rush"
RECORDED: Final = "13s"
"""The name of the shape that comes along: 134 reservations in the busiest second, sold out in 13."""
SELLING_SECONDS: Final = 13
RUSH_SECONDS: Final = 5.0
"""Within so many seconds of a rush about two thirds of its buyers have come."""
RUSH_LAST: Final = 25.0
SECONDS_MAX: Final = 3_600
BUYERS_MAX: Final = 200_000


class Second(NamedTuple):
    """How many reservations were asked for in one second of an on-sale; the first second is 0."""

    second: int
    reservations: int


def read_trace(text: str, name: str) -> list[Second]:
    """A trace as CSV, `seconds,reservations`, with or without a line of headings; seconds that are missing had none.

    Args:
        text: what the file holds.
        name: what to call the file in a refusal.

    Raises:
        SettingsError: with the line that cannot be used, and why.
    """
    found: list[Second] = []
    for row in (reader := csv.reader(io.StringIO(text.removeprefix("\ufeff")))):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (not found and cells == ["seconds", "reservations"]):
            continue
        where = f"Line {reader.line_num} of {name}"
        if len(cells) != 2 or not all(cell.isascii() and cell.isdigit() for cell in cells):
            raise SettingsError(f"{where} has to be two whole numbers like 0,134, not {','.join(row)!r}.")
        second, reservations = (int(cell[:9]) for cell in cells)
        if second >= SECONDS_MAX:
            raise SettingsError(f"{where} is later than an hour after the opening.")
        if found and second <= found[-1].second:
            raise SettingsError(
                f"{where} has second {second} after second {found[-1].second}; put them in order."
            )
        found.append(Second(second, reservations))
        if sum(one.reservations for one in found) > BUYERS_MAX:
            raise SettingsError(
                f"Until {where[0].lower()}{where[1:]}, {name} has more than {BUYERS_MAX} reservations."
            )
    if not any(one.reservations for one in found):
        raise SettingsError(f"{name} has no reservations; its lines look like 0,134.")
    return found


def recorded() -> list[Second]:
    """The trace that comes along."""
    name = "sold-out-in-13-s.csv"
    return read_trace((files("foyer.cli.rehearse") / "shapes" / name).read_text(encoding="utf-8"), name)


def replayed(trace: Sequence[Second], dice: Dice) -> list[float]:
    """The moments of a trace in seconds after the opening, in order; within a second they are anywhere."""
    return sorted(one.second + dice.random() for one in trace for _ in range(one.reservations))


def asked_at_most(arrivals: Sequence[float]) -> int:
    """How many buyers come in the busiest second."""
    return max(Counter(int(at) for at in arrivals).values(), default=0)


def rush(buyers: int, dice: Dice) -> list[float]:
    """The moments at which so many buyers press the button: most at once, then fewer and fewer."""
    beyond = math.exp(-RUSH_LAST / RUSH_SECONDS)
    return sorted(-RUSH_SECONDS * math.log(1 - dice.random() * (1 - beyond)) for _ in range(buyers))
