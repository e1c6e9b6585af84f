"""Writes of access links."""

from uuid import UUID

from sqlalchemy import func

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import lock_event
from foyer.domains.events.models import AccessLinkRow
from foyer.domains.events.queries import NO_LINK, NO_TYPE, access_link, links_of, one_type
from foyer.domains.events.types import AccessLink, AccessLinkDraft
from foyer.infra.audit import record
from foyer.infra.crypto import Keyring, secret_hash
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Finding, Invalid, NotFound
from foyer.kernel.ids import uuid7


async def create_access_link(
    tx: Tx, event_id: UUID, draft: AccessLinkDraft, *, keyring: Keyring, actor: Actor
) -> AccessLink:
    """Make a link. Only a hash of its secret is kept; the secret is derived, so that the office can show it again.

    Raises:
        NotFound, Invalid: see each.
        Conflict: the event has as many links as one can have.
    """
    await lock_event(tx, event_id)
    regular, found = rules.regular_link(draft, now=await tx.now())
    wanted = regular.ticket_type_id
    if wanted is not None and await tx.first(one_type(tx, event_id, wanted)) is None:
        found.append(Finding("ticketTypeId", NO_TYPE))
    if found:
        raise Invalid.of(found)
    if await tx.one(links_of(tx, event_id).with_only_columns(func.count())) >= rules.LINKS_MAX:
        raise Conflict(f"An event has at most {rules.LINKS_MAX} links; take one back first.")
    assert actor.user_id is not None, "a link has somebody who answers for it"
    link_id = uuid7()
    tx.add(
        AccessLinkRow(
            organization_id=tx.organization_id,
            id=link_id,
            event_id=event_id,
            ticket_type_id=wanted,
            name=regular.name,
            token_hash=secret_hash(keyring.link_secrets(tx.organization_id, link_id)[0]),
            created_by=actor.user_id,
            expires_at=regular.expires_at,
        )
    )
    record(tx, actor, "access_link.created", "access_link", link_id, {"name": [None, regular.name]})
    await tx.flush()
    return await access_link(tx, event_id, link_id, keyring=keyring)


async def revoke_access_link(tx: Tx, event_id: UUID, link_id: UUID, *, actor: Actor) -> None:
    """Take a link back: it opens nothing from now on. Carts and orders that came of it stay.

    Raises:
        NotFound: no such link to such an event.
    """
    locked = await tx.lock(links_of(tx, event_id).where(AccessLinkRow.id == link_id))
    if not locked:
        raise NotFound(NO_LINK)
    locked[0].revoked_at = locked[0].updated_at = await tx.now()
    record(tx, actor, "access_link.revoked", "access_link", link_id, {"name": [locked[0].name, None]})
    await tx.flush()
