"""The reservation desk: takes places for a batch of carts, and gives back what has lapsed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from asyncpg import Record

from foyer.domains.carts import rules
from foyer.domains.carts.rules import PricedLine, Sums
from foyer.domains.carts.types import Cart, CartLine, CartStatus, ChosenLine
from foyer.domains.events import Sale, pools_drawn, read_sale, read_types
from foyer.domains.events.types import TypeTerms
from foyer.domains.inventory import allocate, demand, lock_pools, move_places
from foyer.domains.inventory.types import Move
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.errors import Busy, FoyerError, IdempotencyMismatch, NotFound
from foyer.kernel.ids import uuid7

HOLD: Final = timedelta(minutes=15)
LAPSE_MAX: Final = 500
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


class Reserved(NamedTuple):
    cart: Cart
    is_new: bool


class _Wish(NamedTuple):
    """A choice of tickets that may be sold: its lines, its sums, and the places it takes from each pool."""

    lines: list[PricedLine]
    sums: Sums
    places: dict[UUID, int]


_INSERT = """
WITH new_carts AS (
  INSERT INTO carts (organization_id, id, event_id, session_id, currency, subtotal, fees, total, created_at, updated_at,
                     expires_at, actor_hash, idempotency_key, body_hash)
  SELECT $1, id, $2, session_id, $3, subtotal, fees, total, $4, $4, $5, actor_hash, idempotency_key, body_hash
  FROM unnest($6::uuid[], $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bytea[], $12::text[], $13::bytea[])
    AS new (id, session_id, subtotal, fees, total, actor_hash, idempotency_key, body_hash)
)
INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee,
                        subtotal)
SELECT $1, id, $2, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee, quantity * unit_price
FROM unnest($14::uuid[], $15::uuid[], $16::uuid[], $17::text[], $18::int[], $19::bigint[], $20::bigint[])
  AS new (id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee)
"""

_CARTS = """
SELECT id, event_id, session_id, status, subtotal, discount_amount, fees, taxes, total, currency, created_at, updated_at,
       expires_at, actor_hash, idempotency_key, body_hash
FROM carts WHERE organization_id = $1
"""

_WORN = """
SELECT session_id FROM carts
WHERE organization_id = $1 AND event_id = $2 AND status = 'active' AND expires_at <= foyer_now()
  AND session_id = ANY($3::text[])
"""

_ITEMS = """
SELECT cart_id, id, ticket_type_id, type, name, quantity, unit_price, unit_fee, subtotal
FROM cart_items WHERE organization_id = $1 AND cart_id = ANY($2::uuid[]) ORDER BY id
"""

_DUE = """
SELECT id FROM carts
WHERE organization_id = $1 AND event_id = $2 AND status = 'active' AND expires_at <= foyer_now()
ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
"""

_LAPSE = """
UPDATE carts SET status = CASE WHEN email IS NULL THEN 'expired' ELSE 'abandoned' END, updated_at = foyer_now()
WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""


class ReserveDesk:
    """Takes places for new carts of one event."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]
    ) -> list[Reserved | FoyerError]:
        """Requests of one session, or of one key, follow each other: the later one finds the earlier one's cart."""
        types = await read_types(
            connection, counter, {line.ticket_type_id for ask in asks for line in ask.lines}
        )
        answers: dict[UUID, Reserved | FoyerError] = {}
        waiting = list(asks)
        for _ in range(ROUNDS_MAX):
            firsts, waiting = _first_of_each(waiting)
            answers |= await self._take(connection, counter, firsts, types)
            if not waiting:
                break
            answers |= await _standing(connection, counter, waiting)
            waiting = [ask for ask in waiting if ask.cart_id not in answers]
        return [answers.get(ask.cart_id) or Busy() for ask in asks]

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]
    ) -> list[Reserved | None]:
        found = await carts_by_id(connection, counter, [ask.cart_id for ask in asks])
        return [Reserved(found[ask.cart_id], is_new=True) if ask.cart_id in found else None for ask in asks]

    async def _take(
        self,
        connection: Connection,
        counter: Counter,
        asks: Sequence[ReserveAsk],
        types: Mapping[UUID, TypeTerms],
    ) -> dict[UUID, Reserved | FoyerError]:
        """Lock, decide, allocate what is free, write what was allocated. The event is read under the lock of its pools."""
        pools = await lock_pools(
            connection, counter.organization_id, {p for kind in types.values() for p in kind.pools}
        )
        sale = await read_sale(connection, counter)
        if sale is None:
            return {ask.cart_id: NotFound("There is no such event.") for ask in asks}
        answers: dict[UUID, Reserved | FoyerError] = {**await _standing(connection, counter, asks)}
        worn = await _worn_sessions(connection, counter, asks)
        wishes: dict[tuple[ChosenLine, ...], _Wish] = {}
        wanting: list[tuple[ReserveAsk, _Wish]] = []
        for ask in asks:
            if ask.cart_id in answers:
                continue
            if ask.lines not in wishes:
                if (refused := rules.refusal(sale.terms, types, ask.lines, sale.now)) is not None:
                    answers[ask.cart_id] = refused
                    continue
                wishes[ask.lines] = _wish(ask.lines, types, sale)
            wanting.append((ask, wishes[ask.lines]))
        outcome = allocate(
            [wish.places for _, wish in wanting], {pool.id: pool.free for pool in pools.values()}
        )
        taken: list[tuple[Cart, Replay | None]] = []
        held: dict[UUID, int] = {}
        for (ask, wish), short in zip(wanting, outcome, strict=True):
            if short is not None:
                answers[ask.cart_id] = rules.shortage(short, ask.lines, types)
                continue
            cart = _new_cart(
                ask._replace(session_id=None) if ask.session_id in worn else ask, wish, counter, sale
            )
            taken.append((cart, ask.replay))
            answers[ask.cart_id] = Reserved(cart, is_new=True)
            for pool_id, places in wish.places.items():
                held[pool_id] = held.get(pool_id, 0) + places
        if taken:
            await _insert(connection, counter, taken)
            moves = [Move(pool_id, held=places) for pool_id, places in held.items()]
            await move_places(connection, counter.organization_id, moves)
        return answers


def _first_of_each(asks: Iterable[ReserveAsk]) -> tuple[list[ReserveAsk], list[ReserveAsk]]:
    """The first ask of every session and key, and those that come after one of them."""
    seen: set[object] = set()
    firsts: list[ReserveAsk] = []
    later: list[ReserveAsk] = []
    for ask in asks:
        names = {name for name in (ask.session_id, ask.replay and ask.replay[:2]) if name is not None}
        (later if names & seen else firsts).append(ask)
        seen |= names
    return firsts, later


async def _standing(
    connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]
) -> dict[UUID, Reserved | FoyerError]:
    """Carts that these requests have made before: by their key, or as the live cart of their session."""
    sessions = [ask.session_id for ask in asks if ask.session_id]
    replays = [ask.replay for ask in asks if ask.replay]
    if not sessions and not replays:
        return {}
    rows = await connection.fetch(
        f"{_CARTS} AND (event_id = $2 AND status = 'active' AND expires_at > foyer_now() AND session_id = ANY($3::text[])"  # noqa: S608
        " OR (actor_hash, idempotency_key) IN (SELECT * FROM unnest($4::bytea[], $5::text[])))",
        *counter,
        sessions,
        [replay.actor_hash for replay in replays],
        [replay.key for replay in replays],
    )
    carts = await _with_items(connection, counter, rows)
    by_key = {(row["actor_hash"], row["idempotency_key"]): row for row in rows if row["idempotency_key"]}
    by_session = {row["session_id"]: row for row in rows if row["status"] == "active"}
    answers: dict[UUID, Reserved | FoyerError] = {}
    for ask in asks:
        if ask.replay and (row := by_key.get(ask.replay[:2])) is not None:
            same = row["body_hash"] == ask.replay.body_hash
            answers[ask.cart_id] = Reserved(carts[row["id"]], is_new=False) if same else IdempotencyMismatch(
                "This Idempotency-Key was used for another request; take a new one.", field="Idempotency-Key"
            )  # fmt: skip
        elif ask.session_id and (row := by_session.get(ask.session_id)) is not None:
            answers[ask.cart_id] = Reserved(carts[row["id"]], is_new=False)
    return answers


async def _worn_sessions(connection: Connection, counter: Counter, asks: Sequence[ReserveAsk]) -> set[str]:
    """Sessions whose cart has lapsed but was not swept yet; their next cart begins a new session."""
    sessions = [ask.session_id for ask in asks if ask.session_id]
    return {row[0] for row in await connection.fetch(_WORN, *counter, sessions)} if sessions else set()


def _wish(lines: Sequence[ChosenLine], types: Mapping[UUID, TypeTerms], sale: Sale) -> _Wish:
    """What this comes to: once for all in a batch who want the same, and in a rush most do."""
    priced = [
        rules.price_line(line.ticket_type_id, (kind := types[line.ticket_type_id]).name, kind.price, line.quantity, sale.terms)
        for line in lines
    ]  # fmt: skip
    pools_of = {line.ticket_type_id: types[line.ticket_type_id].pools for line in lines}
    places = demand(((line.ticket_type_id, line.quantity) for line in lines), pools_of)
    return _Wish(priced, rules.sums(priced), places)


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
        total=sums.total,
        currency=sale.terms.currency,
        created_at=sale.now,
        updated_at=sale.now,
        expires_at=sale.now + HOLD,
    )


def cart_line(line: PricedLine) -> CartLine:
    return CartLine(
        id=uuid7(),
        ticket_type_id=line.ticket_type_id,
        type="ticket",
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        unit_fee=line.unit_fee,
        subtotal=line.subtotal,
    )


async def _insert(
    connection: Connection, counter: Counter, taken: Sequence[tuple[Cart, Replay | None]]
) -> None:
    carts = [cart for cart, _ in taken]
    replays = [replay for _, replay in taken]
    lines = [(cart.id, line) for cart in carts for line in cart.items]
    await connection.execute(
        _INSERT,
        *counter,
        carts[0].currency,
        carts[0].created_at,
        carts[0].expires_at,
        [cart.id for cart in carts],
        [cart.session_id for cart in carts],
        [cart.subtotal for cart in carts],
        [cart.fees for cart in carts],
        [cart.total for cart in carts],
        [replay and replay.actor_hash for replay in replays],
        [replay and replay.key for replay in replays],
        [replay and replay.body_hash for replay in replays],
        [line.id for _, line in lines],
        [cart_id for cart_id, _ in lines],
        [line.ticket_type_id for _, line in lines],
        [line.name for _, line in lines],
        [line.quantity for _, line in lines],
        [line.unit_price for _, line in lines],
        [line.unit_fee for _, line in lines],
    )


async def carts_by_id(connection: Connection, counter: Counter, ids: Iterable[UUID]) -> dict[UUID, Cart]:
    rows = await connection.fetch(f"{_CARTS} AND event_id = $2 AND id = ANY($3::uuid[])", *counter, list(ids))
    return await _with_items(connection, counter, rows)


async def lock_carts(connection: Connection, counter: Counter, ids: Iterable[UUID]) -> dict[UUID, Cart]:
    """Carts, locked in key order; the first locks a transaction takes."""
    rows = await connection.fetch(
        f"{_CARTS} AND event_id = $2 AND id = ANY($3::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        *counter,
        sorted(ids),
    )
    return await _with_items(connection, counter, rows)


async def _with_items(connection: Connection, counter: Counter, rows: Sequence[Record]) -> dict[UUID, Cart]:
    items: dict[UUID, list[CartLine]] = {row["id"]: [] for row in rows}
    if items:
        for cart_id, *fields in await connection.fetch(_ITEMS, counter.organization_id, list(items)):
            items[cart_id].append(CartLine(**dict(zip(CartLine.__struct_fields__, fields, strict=True))))
    return {
        row["id"]: Cart(
            **{name: row[name] for name in Cart.__struct_fields__ if name not in {"status", "items"}},
            status=CartStatus(row["status"]),
            items=items[row["id"]],
        )
        for row in rows
    }


async def lapse_due(connection: Connection, counter: Counter) -> int:
    """Give the places of lapsed carts back, at most `LAPSE_MAX` carts at once; returns how many carts.

    Carts that another worker holds locked are left to it, so each gives back exactly once.
    """
    due = [row[0] for row in await connection.fetch(_DUE, *counter, LAPSE_MAX)]
    if due:
        lines = await connection.fetch(_ITEMS, counter.organization_id, due)
        await connection.execute(_LAPSE, counter.organization_id, due)
        await give_back(connection, counter, [(row["ticket_type_id"], row["quantity"]) for row in lines])
    return len(due)


async def give_back(connection: Connection, counter: Counter, lines: Iterable[tuple[UUID, int]]) -> None:
    """Return held places of tickets to every pool they were taken from."""
    held = list(lines)
    drawn = await pools_drawn(connection, counter, {type_id for type_id, _ in held})
    await lock_pools(
        connection, counter.organization_id, {pool for pools in drawn.values() for pool in pools}
    )
    places = demand(held, drawn)
    await move_places(
        connection, counter.organization_id, [Move(pool, held=-count) for pool, count in places.items()]
    )


async def convert_carts(connection: Connection, counter: Counter, customers: Mapping[UUID, UUID]) -> None:
    """Mark locked carts as turned into orders, with the customer of each."""
    await connection.execute(_CONVERT, counter.organization_id, list(customers), list(customers.values()))


_CONVERT = """
UPDATE carts SET status = 'converted', customer_id = new.customer_id, updated_at = foyer_now()
FROM unnest($2::uuid[], $3::uuid[]) AS new (id, customer_id)
WHERE carts.organization_id = $1 AND carts.id = new.id
"""
