"""What is to be said of an operation to have it measured."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from benchmarks.world import World


class Trace(NamedTuple):
    """The table in which every answer leaves one row, where a condition names it."""

    table: str
    condition: str = "true"


class Operation:
    """One thing that is asked over HTTP."""

    name: ClassVar[str]
    empty: ClassVar[str]
    """The empty handler it is compared with."""
    yard: ClassVar[str | None] = None
    """A script of pgbench that does the same."""
    trace: ClassVar[Trace | None] = None
    once: ClassVar[bool] = False
    """Whether each request is good for one time only."""
    most_per_second: ClassVar[int] = 0
    """So many of those are made ahead for each second; more when they run out."""

    def requests(self, world: World, events: int, count: int) -> list[bytes]:
        """What to send: so many that are good once, or any number to be sent in turn."""
        raise NotImplementedError

    def yard_values(self, world: World, count: int) -> Mapping[str, str]:
        """What the script's names stand for, with enough made ready for so many transactions."""
        raise NotImplementedError

    def after_yard(self, world: World) -> None:
        """See that there was enough."""
