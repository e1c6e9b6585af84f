"""The reservation desk: takes places for a batch of carts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.carts import rules
from foyer.domains.carts.desk.rows import CARTS, cart_line, carts_by_id, with_items
from foyer.domains.carts.errors import no_event
from foyer.domains.carts.rules import PricedLine, Sums
from foyer.domains.carts.types import Cart, CartLine, CartStatus, ChosenLine, TaxLine
from foyer.domains.events import Opened, Sale, open_sales
from foyer.domains.events.types import TypeTerms
from foyer.domains.inventory import HOLD_PLACES, allocate, demand, sold_out
from foyer.infra.batching import ChangedMeanwhileError, Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.errors import Busy, FoyerError, IdempotencyMismatch, SoldOut

HOLD: Final = timedelta(minutes=15)
ROUNDS_MAX: Final = 4


class Replay(NamedTuple):
    """A request that may come twice."""

    actor_hash: bytes
    key: str
    body_hash: bytes


class ReserveAsk(NamedTuple):
    """A new cart, wanted by one visitor. Ids are made here, so that a lost answer can be looked up."""

    cart_id: UUID
    session_id: str | None
    spare_session_id: str
    lines: tuple[ChosenLine, ...]
    replay: Replay | None
    user_id: UUID | None = None
    """The member of staff who sells, at the box office."""


class Reserved(NamedTuple):
    cart: Cart
    is_new: bool


class _Wish(NamedTuple):
    """A choice of tickets that may be sold: its lines, its sums, and the places it takes from each pool."""

    lines: list[PricedLine]
    sums: Sums
    tax_lines: list[TaxLine]
    places: dict[UUID, int]


_TAKE = f"""
WITH new_carts AS (
  INSERT INTO carts (organization_id, id, event_id, session_id, currency, subtotal, fees, taxes, total, created_at,
                     updated_at, expires_at, actor_hash, idempotency_key, body_hash, user_id)
  SELECT $1, id, event_id, session_id, currency, subtotal, fees, taxes, total, $2, $2, $3, actor_hash, idempotency_key,
         body_hash, user_id
  FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
              $12::bytea[], $13::text[], $14::bytea[], $15::uuid[])
    AS new (id, event_id, session_id, currency, subtotal, fees, taxes, total, actor_hash, idempotency_key, body_hash, user_id)
), new_items AS (
  INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee,
                          unit_tax, tax_name, tax_rate_bps, tax_included, subtotal)
  SELECT $1, line.id, kind.event_id, line.cart_id, kind.ticket_type_id, kind.name, line.quantity, kind.unit_price, kind.unit_fee,
         kind.unit_tax, kind.tax_name, kind.tax_rate_bps, kind.tax_included, line.quantity * kind.unit_price
  FROM unnest($16::uuid[], $17::uuid[], $18::int[], $19::int[]) AS line (id, cart_id, kind, quantity)
  JOIN unnest($20::uuid[], $21::uuid[], $22::text[], $23::bigint[], $24::bigint[], $25::bigint[], $26::text[], $27::int[],
              $28::bool[]) WITH ORDINALITY
    AS kind (event_id, ticket_type_id, name, unit_price, unit_fee, unit_tax, tax_name, tax_rate_bps, tax_included, place)
    ON kind.place = line.kind
), moved AS ({HOLD_PLACES.format(pools="$29", places="$30")})
SELECT id, version FROM events WHERE organization_id = $1 AND id = ANY($31::uuid[])
"""  # noqa: S608 - a text of our own

_WORN = """
SELECT event_id, session_id FROM carts
WHERE organization_id = $1 AND event_id = ANY($2::uuid[]) AND status = 'active' AND expires_at <= foyer_now()
  AND session_id = ANY($3::text[])
"""


class _Request(NamedTuple):
    counter: Counter
    ask: ReserveAsk

    @property
    def visit(self) -> tuple[UUID, str] | None:
        """The session at this event, if there is one: it has one live cart at most."""
        session_id = self.ask.session_id
        return (self.counter.event_id, session_id) if session_id else None


def known_to_be_out(counter: Counter, ask: ReserveAsk) -> SoldOut | None:
    """A refusal that needs no database. Who may have a cart already is never refused here."""
    if not sold_out or ask.session_id is not None or ask.replay is not None:
        return None
    return sold_out.refusal((counter, ask.lines))


class ReserveDesk:
    """Takes places for new carts, of one event or of several of an organization."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]
    ) -> Sequence[Reserved | FoyerError]:
        """As `serve_all`, for one event."""
        return (await self.serve_all(connection, [(counter, asks)]))[0]

    async def serve_all(
        self, connection: Connection, parts: Sequence[tuple[Counter, Sequence[ReserveAsk]]]
    ) -> list[Sequence[Reserved | FoyerError]]:
        """Requests of one session, or of one key, follow each other: the later one finds the earlier one's cart."""
        wanted = {
            counter: {line.ticket_type_id for ask in asks for line in ask.lines} for counter, asks in parts
        }
        opened = await open_sales(connection, wanted)
        free = {pool.id: pool.free for sold in opened.values() for pool in sold.pools.values()}
        answers: dict[UUID, Reserved | FoyerError] = {
            ask.cart_id: no_event() for counter, asks in parts if counter not in opened for ask in asks
        }
        waiting = [_Request(counter, ask) for counter, asks in parts if counter in opened for ask in asks]
        for _ in range(ROUNDS_MAX):
            if not waiting:
                break
            firsts, waiting = _first_of_each(waiting)
            answers |= await self._take(connection, firsts, opened, free)
            if waiting:
                answers |= await _standing(connection, waiting)
                waiting = [one for one in waiting if one.ask.cart_id not in answers]
        return [[answers.get(ask.cart_id) or Busy() for ask in asks] for _, asks in parts]

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]
    ) -> list[Reserved | None]:
        found = await carts_by_id(connection, counter, [ask.cart_id for ask in asks])
        return [Reserved(found[ask.cart_id], is_new=True) if ask.cart_id in found else None for ask in asks]

    async def _take(
        self,
        connection: Connection,
        requests: Sequence[_Request],
        opened: Mapping[Counter, Opened],
        free: dict[UUID, int],
    ) -> dict[UUID, Reserved | FoyerError]:
        """Decide, allocate what is free, write what was allocated, and take it off `free`."""
        answers = {**await _standing(connection, requests)}
        worn = await _worn_sessions(connection, requests)
        wishes: dict[tuple[Counter, tuple[ChosenLine, ...]], _Wish] = {}
        wanting: list[tuple[_Request, _Wish]] = []
        for one in requests:
            counter, ask = one
            if ask.cart_id in answers:
                continue
            wish = wishes.get((counter, ask.lines))
            if wish is None:
                decided = _decide(ask.lines, opened[counter])
                if isinstance(decided, FoyerError):
                    answers[ask.cart_id] = decided
                    continue
                wish = wishes[counter, ask.lines] = decided
            wanting.append((one, wish))
        outcome = allocate([wish.places for _, wish in wanting], free)
        taken: list[tuple[Cart, ReserveAsk]] = []
        held: dict[UUID, int] = {}
        for (one, wish), short in zip(wanting, outcome, strict=True):
            counter, ask = one
            if short is not None:
                refused = answers[ask.cart_id] = rules.shortage(short, ask.lines, opened[counter].types)
                sold_out.note(short.pool_id, (counter, ask.lines), refused)
                continue
            fresh = ask._replace(session_id=None) if one.visit in worn else ask
            cart = _new_cart(fresh, wish, counter, opened[counter].sale)
            taken.append((cart, ask))
            answers[ask.cart_id] = Reserved(cart, is_new=True)
            for pool_id, places in wish.places.items():
                held[pool_id] = held.get(pool_id, 0) + places
                free[pool_id] -= places
        if taken:
            await _write(connection, taken, held, opened)
        return answers


def _first_of_each(requests: Iterable[_Request]) -> tuple[list[_Request], list[_Request]]:
    """The first request of every session and key, and those that come after one of them."""
    seen: set[object] = set()
    firsts: list[_Request] = []
    later: list[_Request] = []
    for one in requests:
        names = {name for name in (one.visit, one.ask.replay and one.ask.replay[:2]) if name is not None}
        (later if names & seen else firsts).append(one)
        seen |= names
    return firsts, later


async def _standing(
    connection: Connection, requests: Sequence[_Request]
) -> dict[UUID, Reserved | FoyerError]:
    """Carts that these requests have made before: by their key, or as the live cart of their session."""
    visits = [one.visit for one in requests if one.visit]
    replays = [one.ask.replay for one in requests if one.ask.replay]
    if not visits and not replays:
        return {}
    counter = requests[0].counter
    rows = await connection.fetch(
        f"{CARTS} AND (event_id = ANY($2::uuid[]) AND status = 'active' AND expires_at > foyer_now()"  # noqa: S608
        " AND session_id = ANY($3::text[])"
        " OR (actor_hash, idempotency_key) IN (SELECT * FROM unnest($4::bytea[], $5::text[])))",
        counter.organization_id,
        list({event_id for event_id, _ in visits}),
        [session_id for _, session_id in visits],
        [replay.actor_hash for replay in replays],
        [replay.key for replay in replays],
    )
    carts = await with_items(connection, counter, rows)
    by_key = {(row["actor_hash"], row["idempotency_key"]): row for row in rows if row["idempotency_key"]}
    by_visit = {(row["event_id"], row["session_id"]): row for row in rows if row["status"] == "active"}
    answers: dict[UUID, Reserved | FoyerError] = {}
    for one in requests:
        ask = one.ask
        if ask.replay and (row := by_key.get(ask.replay[:2])) is not None:
            same = row["body_hash"] == ask.replay.body_hash
            found = Reserved(carts[row["id"]], is_new=False)
            answers[ask.cart_id] = found if same else IdempotencyMismatch()
        elif one.visit and (row := by_visit.get(one.visit)) is not None:
            answers[ask.cart_id] = Reserved(carts[row["id"]], is_new=False)
    return answers


async def _worn_sessions(connection: Connection, requests: Sequence[_Request]) -> set[tuple[UUID, str]]:
    """Sessions whose cart has lapsed but was not swept yet; their next cart begins a new session."""
    visits = [one.visit for one in requests if one.visit]
    if not visits:
        return set()
    events = list({event_id for event_id, _ in visits})
    sessions = [session_id for _, session_id in visits]
    found = await connection.fetch(_WORN, requests[0].counter.organization_id, events, sessions)
    return {(row[0], row[1]) for row in found}


def _decide(lines: tuple[ChosenLine, ...], opened: Opened) -> _Wish | FoyerError:
    """What this comes to, or why it is not sold: once for all in a batch who want the same, and in a rush most do."""
    sale, types = opened.sale, opened.types
    if (refused := rules.refusal(sale.terms, types, lines, sale.now)) is not None:
        return refused
    wish = _wish(lines, types, sale)
    return rules.excess(wish.sums.total) or wish


def _wish(lines: Sequence[ChosenLine], types: Mapping[UUID, TypeTerms], sale: Sale) -> _Wish:
    priced = rules.price_lines([(types[line.ticket_type_id], line.quantity) for line in lines], sale.terms)
    pools_of = {line.ticket_type_id: types[line.ticket_type_id].pools for line in lines}
    places = demand(((line.ticket_type_id, line.quantity) for line in lines), pools_of)
    return _Wish(priced, rules.sums(priced), rules.tax_lines(priced), places)


def _new_cart(ask: ReserveAsk, wish: _Wish, counter: Counter, sale: Sale) -> Cart:
    sums = wish.sums
    return Cart(
        id=ask.cart_id,
        event_id=counter.event_id,
        session_id=ask.session_id or ask.spare_session_id,
        status=CartStatus.ACTIVE,
        items=[cart_line(line) for line in wish.lines],
        subtotal=sums.subtotal,
        discount_amount=sums.discount_amount,
        fees=sums.fees,
        taxes=sums.taxes,
        tax_lines=wish.tax_lines,
        total=sums.total,
        currency=sale.terms.currency,
        discount_id=None,
        discount_code=None,
        customer=None,
        created_at=sale.now,
        updated_at=sale.now,
        expires_at=sale.now + HOLD,
    )


async def _write(
    connection: Connection,
    taken: Sequence[tuple[Cart, ReserveAsk]],
    held: Mapping[UUID, int],
    opened: Mapping[Counter, Opened],
) -> None:
    """Write new carts with their lines, and hold their places. What a type costs is the same for all of a batch, so it is sent once.

    Raises:
        ChangedMeanwhileError: an event is not the one that was read before its pools were locked.
    """
    carts = [cart for cart, _ in taken]
    replays = [ask.replay for _, ask in taken]
    kinds: dict[UUID, tuple[UUID, CartLine]] = {}
    for cart in carts:
        for line in cart.items:
            kinds.setdefault(line.ticket_type_id, (cart.event_id, line))
    places = {type_id: place for place, type_id in enumerate(kinds, 1)}
    lines = [(cart.id, line) for cart in carts for line in cart.items]
    sold = {counter.event_id: one.version for counter, one in opened.items() if one.types}
    found = await connection.fetch(
        _TAKE,
        next(iter(opened)).organization_id,
        carts[0].created_at,
        carts[0].expires_at,
        [cart.id for cart in carts],
        [cart.event_id for cart in carts],
        [cart.session_id for cart in carts],
        [cart.currency for cart in carts],
        [cart.subtotal for cart in carts],
        [cart.fees for cart in carts],
        [cart.taxes for cart in carts],
        [cart.total for cart in carts],
        [replay and replay.actor_hash for replay in replays],
        [replay and replay.key for replay in replays],
        [replay and replay.body_hash for replay in replays],
        [ask.user_id for _, ask in taken],
        [line.id for _, line in lines],
        [cart_id for cart_id, _ in lines],
        [places[line.ticket_type_id] for _, line in lines],
        [line.quantity for _, line in lines],
        [event_id for event_id, _ in kinds.values()],
        list(kinds),
        [kind.name for _, kind in kinds.values()],
        [kind.unit_price for _, kind in kinds.values()],
        [kind.unit_fee for _, kind in kinds.values()],
        [kind.unit_tax for _, kind in kinds.values()],
        [kind.tax_name for _, kind in kinds.values()],
        [kind.tax_rate_bps for _, kind in kinds.values()],
        [kind.tax_included for _, kind in kinds.values()],
        list(held),
        list(held.values()),
        list(sold),
    )
    if {row[0]: row[1] for row in found} != sold:
        raise ChangedMeanwhileError
