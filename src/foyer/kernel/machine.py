"""State machines as tables: what a thing may become, written once, enforced and drawn from the same place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from foyer.kernel.errors import Conflict
from foyer.kernel.language import restated

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True, eq=False)
class Machine(Generic[State]):
    """The only ways the state of one kind of thing goes.

    Attributes:
        noun: what it is, in words, for sentences and for the drawing.
        start: the states in which it can begin.
        moves: for every state those it may become; a state without any is final.
    """

    noun: str
    start: frozenset[State]
    moves: Mapping[State, frozenset[State]]

    def allows(self, now: State, then: State) -> bool:
        return then in self.moves[now]

    def require(self, now: State, then: State) -> None:
        """Refuse what the table does not list.

        Raises:
            Conflict: naming the state it is in.
        """
        if (refused := self.refusal(now, then)) is not None:
            raise refused

    def refusal(self, now: State, then: State) -> Conflict | None:
        """As `require`, for those who answer many at once: what the table does not list, or None."""
        if self.allows(now, then):
            return None
        sentence = f"The {self.noun} is {_words(now)}; it cannot become {_words(then)} from there."
        told = restated(sentence, "This cannot be done any more: things have changed in the meantime.")
        return Conflict(told, field="status")


AnyMachine = Machine[Any]
"""Whatever it is about; for drawing."""


_SPOKEN: Final = {"partial_refund": "partly refunded"}
"""States whose names on the wire are no words that stand after “is”."""


def _words(state: StrEnum) -> str:
    """A state as a sentence says it."""
    return _SPOKEN.get(state.value) or state.value.replace("_", " ")
