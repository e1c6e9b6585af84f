"""What a desk promises to its clerk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from foyer.infra import metrics
from foyer.infra.db.engine import Connection, Database
from foyer.kernel.errors import FoyerError

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Ask_contra = TypeVar("Ask_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)


class ChangedMeanwhileError(Exception):
    """What a desk decided on is no longer so once it holds its locks; the batch is done once more."""


class Counter(NamedTuple):
    """Where a batch belongs: one event, hence one organization."""

    organization_id: UUID
    event_id: UUID


class Desk(Protocol[Ask_contra, Answer_co]):
    """The work of one hot path, arrays in and results out, in the transaction of a batch.

    An expected refusal is returned in its place, never raised, so that it cannot spoil its neighbours.
    """

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[Ask_contra]
    ) -> Sequence[Answer_co | FoyerError]: ...

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[Ask_contra]
    ) -> Sequence[Answer_co | None]:
        """What stands of these asks after a commit of unknown outcome; None where nothing does.

        The transaction that may have committed has ended by now, one way or the other.
        """
        ...


@runtime_checkable
class WideDesk(Desk[Ask_contra, Answer_co], Protocol[Ask_contra, Answer_co]):
    """A desk that serves several events of an organization in one transaction, with no more statements than for one."""

    async def serve_all(
        self, connection: Connection, parts: Sequence[tuple[Counter, Sequence[Ask_contra]]]
    ) -> Sequence[Sequence[Answer_co | FoyerError]]:
        """As `serve`, an answer to each ask of each part."""
        ...


Trouble = Literal["split", "shed", "late", "replay"]


@dataclass(slots=True)
class Tally:
    """What a clerk has done so far."""

    name: str
    batches: int = 0
    """Those under way as well."""
    served: int = 0
    largest: int = 0
    split: int = 0
    shed: int = 0
    late: int = 0
    replay: int = 0
    known: int = 0

    def batch(self, size: int, *, waited_seconds: float, seconds: float) -> None:
        """A batch is through."""
        self.served += size
        self.largest = max(self.largest, size)
        metrics.meter.batch(self.name, size, waited_seconds, seconds)

    def remembered(self) -> None:
        self.known += 1
        metrics.meter.remembered(self.name)

    def trouble(self, kind: Trouble) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        metrics.meter.trouble(self.name, kind)


@dataclass(slots=True)
class Trade(Generic[Ask, Answer]):
    """What all lanes of one clerk have in common."""

    database: Database
    desk: Desk[Ask, Answer]
    wide: WideDesk[Ask, Answer] | None
    """The same desk, where it can take several events at once."""
    tally: Tally
    gate: Callable[[Sequence[Counter]], str] | None
