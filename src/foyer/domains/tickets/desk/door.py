"""Tickets admitted at the door, in batches."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from foyer.domains.events import doors_serving, read_sale
from foyer.domains.events.types import EventStatus
from foyer.domains.tickets import rules
from foyer.domains.tickets.desk.shown import Verdict, show
from foyer.domains.tickets.facts import TicketAdmitted
from foyer.domains.tickets.queries import SealedKey, Signer
from foyer.domains.tickets.types import CheckIn, ScanResult, TicketStatus
from foyer.infra import metrics
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden, FoyerError, IdempotencyMismatch, NotFound
from foyer.kernel.ids import is_ticket_code, read_crockford, uuid7


class ScanAsk(NamedTuple):
    """A code held out at a door."""

    row_id: UUID
    actor: Actor
    presented: str
    claim: rules.Claim | None
    code: str | None
    scan_id: UUID | None
    ticket_id: UUID | None = None
    """A ticket that was found by its holder's name."""

    @property
    def door_id(self) -> UUID | None:
        """By whom a scan is remembered: the device, or the member of staff whatever key they use."""
        return self.actor.id if self.actor.kind is ActorKind.DEVICE else self.actor.user_id

    @property
    def presented_hash(self) -> bytes:
        return hashlib.sha256(self.presented.encode("utf-8", "surrogatepass")).digest()


def scan_ask(
    actor: Actor, *, qr: str | None = None, code: str | None = None, scan_id: UUID | None = None
) -> ScanAsk:
    """Read what was scanned or typed, whichever field it came in: a hand scanner types, and a camera may read a code."""
    text = qr if qr is not None else code or ""
    typed = read_crockford(text)
    if rules.looks_ours(text) or not is_ticket_code(typed):
        return ScanAsk(uuid7(), actor, text, rules.read_claim(text), None, scan_id)
    return ScanAsk(uuid7(), actor, typed, None, typed, scan_id)


def found_ask(actor: Actor, ticket_id: UUID, scan_id: UUID | None = None) -> ScanAsk:
    """Ask for a ticket that was found by its holder's name, where nothing can be held out."""
    return ScanAsk(uuid7(), actor, f"ticket {ticket_id}", None, None, scan_id, ticket_id)


_KEYS = """
SELECT key_id, sealed_private_key, public_key FROM signing_keys WHERE organization_id = $1
"""

_HOLD_EVENT = """
SELECT 1 FROM events WHERE organization_id = $1 AND id = $2 FOR SHARE
"""

_TICKETS = """
SELECT id, event_id, status, generation, code, checked_in_at FROM tickets
WHERE organization_id = $1 AND (id = ANY($2::uuid[]) OR code = ANY($3::text[]))
ORDER BY id FOR NO KEY UPDATE
"""

_FORMER = """
SELECT f.former_code, t.id, t.event_id FROM transfers f
JOIN tickets t ON t.organization_id = f.organization_id AND t.id = f.ticket_id
WHERE f.organization_id = $1 AND f.former_code = ANY($2::text[])
"""

_ADMIT = """
UPDATE tickets SET status = 'used', checked_in_at = $2, updated_at = $2,
       checked_in_by_device_id = new.device_id, checked_in_by_user_id = new.user_id
FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS new (id, device_id, user_id)
WHERE tickets.organization_id = $1 AND tickets.id = new.id AND tickets.status = 'valid'
"""

_LOG = """
INSERT INTO scans (organization_id, id, event_id, ticket_id, device_id, user_id, scan_id, result, presented_hash,
                   created_at)
SELECT $1, id, $2, ticket_id, device_id, user_id, scan_id, result, presented_hash, $3
FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::bytea[])
  AS new (id, ticket_id, device_id, user_id, scan_id, result, presented_hash)
"""

_SCANS = """
SELECT device_id, user_id, scan_id, result, ticket_id, presented_hash, event_id FROM scans
WHERE organization_id = $1 AND scan_id = ANY($2::uuid[])
"""

_SCANS_BY_ID = """
SELECT id, result, ticket_id FROM scans WHERE organization_id = $1 AND event_id = $2 AND id = ANY($3::uuid[])
"""


class DoorDesk:
    """Admits tickets of one event: the first scan of a ticket wins, whatever the number of doors.

    The event is held while a batch decides, so that a cancellation is either seen or still to come.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[ScanAsk]
    ) -> list[CheckIn | FoyerError]:
        tickets = await self._lock(connection, counter, asks)
        await connection.execute(_HOLD_EVENT, *counter)
        strangers = await _strangers(connection, counter, asks)
        sale = await read_sale(connection, counter)
        if sale is None:
            return [
                _not_meant() if ask.actor.id in strangers else NotFound("There is no such event.")
                for ask in asks
            ]
        earlier = await self._earlier(connection, counter, asks)
        rows = await connection.fetch(_KEYS, counter.organization_id)
        keys = {row[0]: SealedKey(*row) for row in rows}
        verdicts: dict[UUID, Verdict | FoyerError] = {
            ask.row_id: _not_meant() for ask in asks if ask.actor.id in strangers
        }
        fresh: list[tuple[ScanAsk, Verdict]] = []
        admitted: dict[UUID, ScanAsk] = {}
        for ask in asks:
            if ask.row_id in verdicts:
                continue
            name = (ask.door_id, ask.scan_id)
            known = earlier.get(name) if ask.scan_id else None
            if known is None:
                found = self._decide(ask, counter, tickets, keys, sale.terms.status, admitted)
                fresh.append((ask, found))
                known = (found, ask.presented_hash, counter.event_id)
                if ask.scan_id:
                    earlier[name] = known
            same = known[1:] == (ask.presented_hash, counter.event_id)
            verdicts[ask.row_id] = known[0] if same else IdempotencyMismatch(
                "This scanId was used for another scan; a new scan takes a new one.", field="scanId"
            )  # fmt: skip
        await self._write(connection, counter, fresh, admitted, sale.now)
        for _, verdict in fresh:
            metrics.meter.scan(verdict.result.value)
        return await show(connection, counter.organization_id, [verdicts[ask.row_id] for ask in asks])

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[ScanAsk]
    ) -> list[CheckIn | None]:
        rows = await connection.fetch(_SCANS_BY_ID, *counter, [ask.row_id for ask in asks])
        found = {row[0]: Verdict(ScanResult(row[1]), row[2]) for row in rows}
        shown = await show(connection, counter.organization_id, list(found.values()))
        answers = dict(zip(found, shown, strict=True))
        return [answer if isinstance(answer := answers.get(ask.row_id), CheckIn) else None for ask in asks]

    @staticmethod
    async def _lock(
        connection: Connection, counter: Counter, asks: Sequence[ScanAsk]
    ) -> dict[object, Record]:
        """The tickets that were held out, by id and by code, locked in key order; by a former code, if that is all there is."""
        codes = {ask.code for ask in asks if ask.code}
        rows = await connection.fetch(
            _TICKETS,
            counter.organization_id,
            sorted({one for ask in asks if (one := ask.claim.ticket_id if ask.claim else ask.ticket_id)}),
            sorted(codes),
        )
        found: dict[object, Record] = {row[name]: row for row in rows for name in ("id", "code")}
        if unknown := sorted(codes - found.keys()):
            former = await connection.fetch(_FORMER, counter.organization_id, unknown)
            found |= {row["former_code"]: row for row in former}
        return found

    @staticmethod
    async def _earlier(
        connection: Connection, counter: Counter, asks: Sequence[ScanAsk]
    ) -> dict[tuple[UUID | None, UUID | None], tuple[Verdict, bytes, UUID]]:
        """Scans that these doors have sent before, by who sent them and their id."""
        scan_ids = [ask.scan_id for ask in asks if ask.scan_id]
        rows = await connection.fetch(_SCANS, counter.organization_id, scan_ids) if scan_ids else []
        return {
            (row[0] or row[1], row[2]): (Verdict(ScanResult(row[3]), row[4]), row[5], row[6]) for row in rows
        }

    def _decide(
        self,
        ask: ScanAsk,
        counter: Counter,
        tickets: Mapping[object, Record],
        keys: Mapping[int, SealedKey],
        event_status: EventStatus,
        admitted: dict[UUID, ScanAsk],
    ) -> Verdict:
        generation: int | None = None
        if ask.code is not None or ask.ticket_id is not None:
            row = tickets.get(ask.code or ask.ticket_id)
        else:
            claim = ask.claim
            if claim is None:
                return Verdict(
                    ScanResult.TAMPERED if rules.looks_ours(ask.presented) else ScanResult.UNKNOWN, None
                )
            if (key := keys.get(claim.key_id)) is None:
                return Verdict(ScanResult.UNKNOWN, None)
            if not self._signer.is_genuine(key, counter.organization_id, claim):
                return Verdict(ScanResult.TAMPERED, None)
            row, generation = tickets.get(claim.ticket_id), claim.generation
        if row is None:
            return Verdict(ScanResult.UNKNOWN, None)
        if "former_code" in row:
            is_here = row["event_id"] == counter.event_id
            return Verdict(ScanResult.SUPERSEDED if is_here else ScanResult.WRONG_EVENT, row["id"])
        state = rules.TicketState(row["event_id"], TicketStatus(row["status"]), row["generation"])
        result = rules.verdict(
            state, event_id=counter.event_id, event_status=event_status, generation=generation
        )
        if result is ScanResult.ADMITTED and row["id"] in admitted:
            result = ScanResult.ALREADY_USED
        if result is ScanResult.ADMITTED:
            admitted[row["id"]] = ask
        return Verdict(result, row["id"])

    @staticmethod
    async def _write(
        connection: Connection,
        counter: Counter,
        fresh: Sequence[tuple[ScanAsk, Verdict]],
        admitted: Mapping[UUID, ScanAsk],
        now: datetime,
    ) -> None:
        if admitted:
            status = await connection.execute(
                _ADMIT, counter.organization_id, now, list(admitted), *_doors(list(admitted.values()))
            )
            assert status == f"UPDATE {len(admitted)}", (
                "a locked, valid ticket is admitted by whoever holds the lock"
            )
            stated = [
                (ask.actor, TicketAdmitted(ticket_id=ticket, event_id=counter.event_id))
                for ticket, ask in admitted.items()
            ]
            await publish_many(connection, counter.organization_id, stated)
        if fresh:
            asks = [ask for ask, _ in fresh]
            await connection.execute(
                _LOG,
                *counter,
                now,
                [ask.row_id for ask in asks],
                [verdict.ticket_id for _, verdict in fresh],
                *_doors(asks),
                [ask.scan_id for ask in asks],
                [verdict.result.value for _, verdict in fresh],
                [ask.presented_hash for ask in asks],
            )


async def _strangers(connection: Connection, counter: Counter, asks: Sequence[ScanAsk]) -> set[UUID | None]:
    """The devices that are meant for other events."""
    devices = {ask.actor.id for ask in asks if ask.actor.kind is ActorKind.DEVICE and ask.actor.id}
    return set(devices - await doors_serving(connection, counter, devices)) if devices else set()


def _not_meant() -> Forbidden:
    return Forbidden("This device is not meant for that event.", field="eventId")


def _doors(asks: Sequence[ScanAsk]) -> tuple[list[UUID | None], list[UUID | None]]:
    """Device and user of each scan; exactly one of both is set."""
    devices = [ask.actor.id if ask.actor.kind is ActorKind.DEVICE else None for ask in asks]
    return devices, [None if ask.actor.kind is ActorKind.DEVICE else ask.actor.user_id for ask in asks]
