"""Who did what: a row for every write by staff, in the transaction of the write itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from foyer.infra.db.tables import AuditRow
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.ids import uuid7


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


def _plain(changes: Mapping[str, object]) -> dict[str, Any]:
    """As JSON can hold it: moments, money and codes as text."""
    plain: dict[str, Any] = msgspec.to_builtins(dict(changes), enc_hook=str)
    return plain
