"""Who did what: a row for every write by staff, in the transaction of the write itself."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from foyer.infra.db.tables import AuditRow
from foyer.infra.db.tx import Connection, Tx
from foyer.kernel.actor import Actor
from foyer.kernel.ids import uuid7
from foyer.kernel.wire import Wire

UNSAID: Final = "changed"
"""All that is told of a change where the values are nobody's business."""
_TEXT_MAX: Final = 500


def record(
    tx: Tx,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: UUID,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Write down that somebody did something to a row.

    Args:
        tx: the transaction of the write.
        actor: who did it.
        action: a noun and what became of it, like `event.updated`.
        subject_kind: what kind of row.
        subject_id: which one.
        changes: what changed, `[before, after]` under each field's name. Of personal fields only that they did, as `"changed"`.
    """
    tx.add(
        AuditRow(
            organization_id=tx.organization_id,
            id=uuid7(),
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            changes=_plain(changes or {}),
        )
    )


class Deed(NamedTuple):
    """What `record` writes, as a value."""

    actor: Actor
    action: str
    subject_kind: str
    subject_id: UUID


_RECORD_MANY = """
INSERT INTO audit (organization_id, id, action, subject_kind, subject_id, actor_kind, actor_id)
SELECT $1, id, action, subject_kind, subject_id, actor_kind, actor_id
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::uuid[])
  AS new (id, action, subject_kind, subject_id, actor_kind, actor_id)
"""


async def record_many(connection: Connection, organization_id: UUID, deeds: Sequence[Deed]) -> None:
    """As `record`, for the desks: everything that was done in a batch in one statement."""
    if deeds:
        await connection.execute(
            _RECORD_MANY,
            organization_id,
            [uuid7() for _ in deeds],
            [deed.action for deed in deeds],
            [deed.subject_kind for deed in deeds],
            [deed.subject_id for deed in deeds],
            [deed.actor.kind.value for deed in deeds],
            [deed.actor.id for deed in deeds],
        )


def _plain(changes: Mapping[str, object]) -> dict[str, Any]:
    """As JSON can hold it, long texts cut short."""
    for name, change in changes.items():
        assert change == UNSAID or (
            isinstance(change, list | tuple) and len(change) == len(("before", "after"))
        ), name
    return {name: _shortened(msgspec.to_builtins(change)) for name, change in changes.items()}


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _TEXT_MAX else f"{value[: _TEXT_MAX - 1]}…"
    return [_shortened(one) for one in value] if isinstance(value, list) else value


def differences(before: Wire, after: Wire, *, unsaid: Collection[str] = ()) -> dict[str, object]:
    """The fields in which two values of one type differ, `[before, after]` under the name each has on the wire.

    Args:
        before: the value that stood.
        after: the one that stands now.
        unsaid: fields of which it is only told that they changed: personal and secret ones.
    """
    return {
        wire: UNSAID if name in unsaid else [getattr(before, name), getattr(after, name)]
        for name, wire in zip(before.__struct_fields__, before.__struct_encode_fields__, strict=True)
        if getattr(before, name) != getattr(after, name)
    }
