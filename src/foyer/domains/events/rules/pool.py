"""Decisions about pools that several ticket types share."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from foyer.domains.events.types import SharedPoolDraft
from foyer.domains.inventory.types import UNLIMITED, Move, Pool
from foyer.kernel.errors import Conflict, Finding
from foyer.kernel.text import tidy_line

NAME_MAX: Final = 120
POOLS_MAX: Final = 50
"""Shared pools of one event; each is a row that a sale of its types locks."""


def regular_pool(draft: SharedPoolDraft) -> tuple[SharedPoolDraft, list[Finding]]:
    """The pool tidied, and everything that is wrong with it but what only the database knows."""
    regular = replace(
        draft, name=tidy_line(draft.name), ticket_type_ids=list(dict.fromkeys(draft.ticket_type_ids))
    )
    found: list[Finding] = []
    if not 1 <= len(regular.name) <= NAME_MAX:
        found.append(Finding("name", f"Give the area a name of 1 to {NAME_MAX} characters, like VIP area."))
    if not 0 <= regular.capacity < UNLIMITED:
        found.append(Finding("capacity", f"Use a whole number of places, 0 to {UNLIMITED - 1}."))
    return regular, found


def moved(pool: Pool, joining: Iterable[Pool], leaving: Iterable[Pool], *, capacity: int) -> Move:
    """What a shared pool gains and loses when ticket types join and leave it.

    Args:
        pool: the shared pool, locked.
        joining: the own pools of the types that come to it: they count exactly the places of their type.
        leaving: the own pools of those that go.
        capacity: what the shared pool will have.

    Raises:
        Conflict: more places are sold and held than there will be; the sentence says the minimum.
    """
    coming, going = list(joining), list(leaving)
    held = sum(one.held for one in coming) - sum(one.held for one in going)
    sold = sum(one.sold for one in coming) - sum(one.sold for one in going)
    taken = pool.held + pool.sold + held + sold
    if taken > capacity:
        sentence = (
            f"{taken} places of these ticket types are sold or held, so this cannot be less than {taken}."
        )
        raise Conflict(sentence, field="capacity")
    return Move(pool.id, held=held, sold=sold)
