"""What a route promises beside its access: body and query it takes, headers it honours, how else it answers, why it refuses."""

from dataclasses import dataclass
from typing import Any, Final

from foyer.kernel import access
from foyer.kernel.access import Access
from foyer.kernel.errors import FoyerError

CONTRACT: Final = "contract"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"
EVENT_STREAM: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class MergePatch:
    """A body that names some fields of a draft, each as a whole; null sets one back to its default (RFC 7396)."""

    draft: type


@dataclass(frozen=True, slots=True)
class Upload:
    """A body that is a file of one of these media types, at most so many bytes of it."""

    media_types: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Contract:
    """What a caller may rely on. What every route of its kind can answer is added by the document itself."""

    body: Any = None
    query: type | None = None
    honours: tuple[str, ...] = ()
    also: tuple[int, ...] = ()
    refuses: tuple[type[FoyerError], ...] = ()


def declares(
    who: Access,
    *,
    body: Any = None,
    query: type | None = None,
    honours: tuple[str, ...] = (),
    also: tuple[int, ...] = (),
    refuses: tuple[type[FoyerError], ...] = (),
) -> dict[str, Any]:
    """The `opt` of a route of the API.

    Status, media type and shape of the answer are read from the route itself: its decorator and what it returns.

    Args:
        who: may call it.
        body: the shape it gives to `read`, `MergePatch(Draft)` where it reads a patch, `Upload` where it takes a file; None where it reads nothing.
        query: the shape it gives to `queried`; None where its parameters stand in its signature, or it has none.
        honours: `IDEMPOTENCY_KEY` where it uses `once`, `named` or `replay_of`, `IF_MATCH` where it asks for `expected_version`, `IF_NONE_MATCH` where it
            answers by `unless_known`.
        also: statuses of success besides the route's own.
        refuses: refusals of this route alone, as `SoldOut`; those that follow from the rest of what it declares go without saying.
    """
    return {**access.declares(who), CONTRACT: Contract(body, query, honours, also, refuses)}
