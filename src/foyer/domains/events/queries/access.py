"""Reads of access links."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from foyer.domains.events.models import AccessLinkRow
from foyer.domains.events.queries.event import event_for_staff
from foyer.domains.events.types import AccessLink, Grant
from foyer.infra.crypto import Keyring, secret_hash
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound

NO_LINK = "There is no such access link."


def links_of(tx: ReadTx, event_id: UUID) -> Select[AccessLinkRow]:
    """The links of an event that were not taken back, expired ones too."""
    return select(AccessLinkRow).where(
        own(AccessLinkRow, tx), AccessLinkRow.event_id == event_id, AccessLinkRow.revoked_at.is_(None)
    )


async def access_links(tx: ReadTx, event_id: UUID, *, keyring: Keyring) -> list[AccessLink]:
    """The links of an event, the newest first.

    Raises:
        NotFound: no such event.
    """
    await event_for_staff(tx, event_id)
    rows = await tx.all(links_of(tx, event_id).order_by(AccessLinkRow.id.desc()))
    return _views(rows, keyring, await tx.now())


async def access_link(tx: ReadTx, event_id: UUID, link_id: UUID, *, keyring: Keyring) -> AccessLink:
    """One link.

    Raises:
        NotFound: no such event, or no such link to it.
    """
    row = await tx.first(links_of(tx, event_id).where(AccessLinkRow.id == link_id))
    if row is None:
        raise NotFound(NO_LINK)
    return _views([row], keyring, await tx.now())[0]


async def opened_by_links(tx: ReadTx, event_id: UUID) -> set[UUID | None]:
    """The ticket types that links which hold name; None where one opens the event alone."""
    types = _holding(links_of(tx, event_id), await tx.now()).with_only_columns(AccessLinkRow.ticket_type_id)
    return set(await tx.all(types))


async def grant_of(tx: ReadTx, secret: str) -> Grant | None:
    """What the bearer of a secret may see; None where no link has it, or that link holds no more."""
    named = own(AccessLinkRow, tx), AccessLinkRow.token_hash == secret_hash(secret)
    found = select(AccessLinkRow).where(*named, AccessLinkRow.revoked_at.is_(None))
    row = await tx.first(_holding(found, await tx.now()))
    return None if row is None else Grant(row.event_id, row.ticket_type_id)


def _holding(links: Select[AccessLinkRow], now: datetime) -> Select[AccessLinkRow]:
    return links.where(or_(AccessLinkRow.expires_at.is_(None), AccessLinkRow.expires_at > now))


def _views(rows: Sequence[AccessLinkRow], keyring: Keyring, now: datetime) -> list[AccessLink]:
    return [
        AccessLink(
            id=row.id,
            event_id=row.event_id,
            ticket_type_id=row.ticket_type_id,
            name=row.name,
            secret=_secret(row, keyring),
            expires_at=row.expires_at,
            is_expired=row.expires_at is not None and row.expires_at <= now,
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row in rows
    ]


def _secret(row: AccessLinkRow, keyring: Keyring) -> str | None:
    made = keyring.link_secrets(row.organization_id, row.id)
    return next((secret for secret in made if secret_hash(secret) == row.token_hash), None)
