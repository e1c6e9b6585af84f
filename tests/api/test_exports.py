"""CSV: streamed in pieces, the same rows as the lists, harmless to open, and cut off where it cannot be whole."""

import asyncio
import csv
import io
import json
import re
import tracemalloc
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from foyer.api.csv import CHUNK
from foyer.infra import protocol
from tests.api.asking import bearing, refused, taken
from tests.api.selling import Till, buyer, customer_of, edit
from tests.support.hostile import BEGINS, HOSTILE

MANY = 3_000
COPIES = """
INSERT INTO {table} ({columns}) SELECT {made} FROM (
  SELECT jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()) || copies.changes) AS row
  FROM {table} t, unnest($2::jsonb[]) AS copies (changes) WHERE t.id = $1) made RETURNING id
"""
WRITTEN = (
    "SELECT column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'"
)
AWAY = "ALTER TABLE order_items RENAME TO order_items_away"
BACK = "ALTER TABLE order_items_away RENAME TO order_items"
LOST = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'foyer' AND state = 'idle in transaction'"
)


def table(answer):
    """The rows of a file by the names of their columns; the head alone is a file too."""
    assert answer.status_code == 200, answer.text
    assert answer.text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def crowd(client, database, organization):
    """A house whose rows are written by the thousand, so that its books are not asked to agree."""
    return Till(client, database, organization, organization.api_key)


async def copied(owner_sql, table, row_id, changes):
    """As many rows like one as there are changes; returns their ids."""
    columns = [row[0] for row in await owner_sql.fetch(WRITTEN, table)]
    made = ", ".join(f"(made.row).{column}" for column in columns)
    query = COPIES.format(table=table, columns=", ".join(columns), made=made)
    return [row[0] for row in await owner_sql.fetch(query, row_id, [json.dumps(one) for one in changes])]


async def many(owner_sql, till, amount=MANY, mark="0"):
    """An order, and so many more like it, written where nobody waits for them."""
    order = await till.show(await till.order(await till.event(), 1))
    carts = await copied(
        owner_sql,
        "carts",
        UUID(order["cartId"]),
        [{"session_id": f"copy {place}"} for place in range(amount)],
    )
    orders = await copied(
        owner_sql, "orders", UUID(order["id"]),
        [{"cart_id": str(cart), "order_number": f"{place:X}".rjust(8, mark)} for place, cart in enumerate(carts)],
    )  # fmt: skip
    await copied(
        owner_sql, "order_items", UUID(order["items"][0]["id"]), [{"order_id": str(one)} for one in orders]
    )
    return order


@contextmanager
def before_reading(database, turn, happens):
    """Let something happen once the application has opened its transaction of this number."""
    begun = count(1)
    open_one = database.read

    @asynccontextmanager
    async def read(organization_id):
        async with open_one(organization_id) as tx:
            if next(begun) == turn:
                await happens()
            yield tx

    database.read = read
    yield begun
    del database.read


@asynccontextmanager
async def served(client):
    """The application behind a real socket: its port."""
    config = uvicorn.Config(client._transport.app, lifespan="off", log_config=None, timeout_keep_alive=20)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: protocol.PunctualProtocol(config, state, {}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    for task in list(state.tasks):
        await asyncio.wait([task], timeout=5)
    await server.wait_closed()


async def streamed(port, till):
    """The file of orders as it comes, piece by piece."""
    path = f"http://127.0.0.1:{port}/api/v1/orders/export"
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("GET", path, headers=bearing(till.key)) as answer,
    ):
        assert (answer.status_code, answer.headers["transfer-encoding"]) == (200, "chunked")
        async for piece in answer.aiter_raw():
            yield piece


async def test_file_of_orders(till):
    event = await till.event(title="Älter, größer")
    paid = await till.paid(event, 2, 1, customer=buyer(phone="+49 40 1", lastName='B"u,yer'))
    taken(await till.refund(paid, 1), 201)
    taken(await till.ask("PATCH", f"/orders/{paid['id']}", {"notes": "One\nTwo; three"}))
    yen = await till.order(await till.event(currency="JPY"), 1)

    answer = await till.get("/orders/export")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    day = datetime.now(UTC).date()
    assert answer.headers["content-disposition"] == f'attachment; filename="orders-{day}.csv"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.content[:3] != b"\xef\xbb\xbf"
    assert len(answer.content.split(b"\r\n")) == 4
    second, first = table(answer)
    assert (second["orderNumber"], second["total"], second["currency"]) == (yen["orderNumber"], "2450", "JPY")
    sums = ("subtotal", "fees", "taxes", "total", "refundedAmount", "refundDue")
    assert [first[name] for name in sums] == ["58.99", "0.00", "0.00", "58.99", "24.50", "0.00"]
    assert (first["lastName"], first["phone"], first["notes"]) == ('B"u,yer', "'+49 40 1", "One\nTwo; three")
    assert (first["event"], first["items"], first["quantity"]) == ("Älter, größer", "2 Stalls; 1 Circle", "3")
    assert (first["status"], first["paymentStatus"], first["approval"]) == (
        "partial_refund",
        "partial_refund",
        "",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["createdAt"])
    assert (first["id"], first["eventId"]) == (paid["id"], str(event.id))


async def test_files_ask_what_their_lists_ask(till):
    event, other = await till.event(), await till.event()
    one, two = await till.paid(event, 1), await till.order(other, 1, customer=buyer(email="kim@example.org"))
    taken(await till.refund(one, 1), 201)

    async def found(path, column, **query):
        return [row[column] for row in table(await till.get(path, **query))]

    assert await found("/orders/export", "id") == [two["id"], one["id"]]
    assert await found("/orders/export", "id", status="pending") == [two["id"]]
    assert await found("/orders/export", "id", eventId=event.id) == [one["id"]]
    assert await found("/orders/export", "id", q="kim") == [two["id"]]
    assert await found("/orders/export", "id", email="nobody@example.org") == []
    assert await found("/customers/export", "email") == ["kim@example.org", "jo@example.org"]
    assert await found("/customers/export", "email", q="jo@") == ["jo@example.org"]
    assert await found("/transactions/export", "type") == ["refund", "purchase"]
    assert await found("/transactions/export", "amount", type="refund") == ["24.50"]
    assert await found("/transactions/export", "orderNumber", orderId=two["id"]) == []
    assert await found("/transactions/export", "orderNumber") == [one["orderNumber"]] * 2
    for query in ({"limit": 5}, {"cursor": "x"}):
        refused(await till.get("/orders/export", **query), 422, "invalid_field", next(iter(query)))


@pytest.mark.parametrize("noun", ["orders", "customers", "transactions"])
async def test_file_of_nothing_is_its_head(till, noun):
    answer = await till.get(f"/{noun}/export")

    assert table(answer) == []
    assert answer.text.count("\r\n") == 1
    assert answer.text.startswith(("orderNumber,", "email,", "createdAt,"))


def cells(text, delimiter):
    """Every cell that a spreadsheet which splits there would show; some do not know quotes in the middle of a cell."""
    yield from (
        cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row
    )
    yield from (cell for line in text.splitlines() for cell in line.split(delimiter)[1:] if delimiter != ",")


async def test_hostile_names_are_text_in_every_file(till, owner_sql):
    event = await till.event(title="=1+1")
    for place, name in enumerate(HOSTILE):
        who = buyer(
            email=f"buyer{place}@example.org",
            firstName=name,
            lastName=name[::-1],
            phone=name,
            address={"city": name},
        )
        order = await till.order(event, 0, 0, 1, customer=who)
        taken(await edit(till, await customer_of(till, order), address={"line1": name, "city": name}))
        taken(await till.ask("PATCH", f"/orders/{order['id']}", {"notes": name}))
    # What is in the database may be older than the rules by which texts are tidied today.
    await owner_sql.execute(
        "UPDATE orders SET notes = E'\\t=1\\r\\n@x' WHERE organization_id = $1 AND notes LIKE 'x%'",
        till.organization.id,
    )

    for noun in ("orders", "customers"):
        answer = await till.get(f"/{noun}/export")
        assert len(table(answer)) == len(HOSTILE)
        for delimiter in ",;\t":
            assert [cell for cell in cells(answer.text, delimiter) if BEGINS.search(cell)] == []


async def test_direction_and_every_script_survive(till):
    names = ["محمد", "שרה", "李雷", "Ａｌｅｘ", "Zoë 🎟", "a\u0301"]
    event = await till.event()
    for place, name in enumerate(names):
        await till.order(event, 0, 0, 1, customer=buyer(email=f"b{place}@example.org", firstName=name))

    shown = [row["firstName"] for row in table(await till.get("/orders/export"))]

    assert shown == [*reversed([*names[:-1], "á"])]


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", "orders customers transactions"), ("admin", "orders customers transactions"),
     ("manager", "orders customers transactions"), ("support", ""), ("analyst", "orders transactions")],
)  # fmt: skip
async def test_file_needs_two_permissions(till, role, may):
    member = await till.colleague(role)
    for noun in ("orders", "customers", "transactions"):
        answer = await member.get(f"/{noun}/export")
        if noun in may.split():
            assert table(answer) == []
        else:
            needed = "exports:create" if role == "support" else f"{noun}:view"
            refused(answer, 403, "forbidden", None, needed)


async def test_rows_of_another_house_are_not_in_it(till, client, database, stranger):
    other = Till(client, database, stranger, stranger.api_key)
    theirs = await other.paid(await other.event(), 1)
    ours = await till.paid(await till.event(), 1)
    for noun in ("orders", "customers", "transactions"):
        assert len(table(await till.get(f"/{noun}/export"))) == 1
    assert [row["id"] for row in table(await till.get("/orders/export"))] == [ours["id"]]
    for query in ({"eventId": theirs["eventId"]}, {"customerId": theirs["customerId"]}):
        assert table(await till.get("/orders/export", **query)) == []


async def test_many_rows_come_in_pieces_with_no_transaction_open(crowd, owner_sql):
    await many(owner_sql, crowd)
    pool = crowd.client.desks.database._engine.sync_engine.pool
    pieces, out = [], []
    async with served(crowd.client) as port:
        async for piece in streamed(port, crowd):
            out.append(pool.checkedout())
            pieces.append(piece)
    head, *rows = csv.reader(io.StringIO(b"".join(pieces).decode(), newline=""))
    ids = [row[head.index("id")] for row in rows]

    assert (len(ids), len(set(ids))) == (MANY + 1, MANY + 1)
    assert ids == sorted(ids, reverse=True)
    assert len(pieces) >= MANY / CHUNK
    assert min(out) == 0


async def test_memory_does_not_grow_with_the_rows(crowd, owner_sql):
    short, long = await many(owner_sql, crowd, 2 * CHUNK, "Y"), await many(owner_sql, crowd, MANY, "Z")

    async def peak(order, **query):
        """How much is sent of a file, and the most memory that sending it takes."""
        sent, done = 0, asyncio.Event()

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            nonlocal sent
            sent += len(message.get("body", b""))
            if message["type"] == "http.response.body" and not message["more_body"]:
                done.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
            "path": "/api/v1/orders/export", "raw_path": b"/api/v1/orders/export", "client": None, "server": None,
            "query_string": urlencode({"eventId": order["eventId"], **query}).encode(),
            "headers": [(b"host", b"localhost"), (b"authorization", f"Bearer {crowd.key}".encode())],
        }  # fmt: skip
        tracemalloc.start()
        running = asyncio.create_task(crowd.client._transport.app(scope, receive, send))
        await done.wait()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        running.cancel()
        await asyncio.wait([running])
        return sent, most

    await peak(short, q=short["orderNumber"])
    little, few = await peak(short)
    much, most = await peak(long)

    assert much > 2.5 * little
    assert most < 1.3 * few


@pytest.mark.parametrize("trouble", ["a table is away", "the connection is lost"])
async def test_what_cannot_be_read_to_its_end_is_cut_off(crowd, owner_sql, root_sql, trouble):
    await many(owner_sql, crowd)
    database = crowd.client.desks.database

    async def happens():
        await root_sql.execute(AWAY if trouble == "a table is away" else LOST)

    read = bytearray()

    async def reading(port):
        async for piece in streamed(port, crowd):
            read.extend(piece)

    try:
        async with served(crowd.client) as port:
            with (
                before_reading(database, 4, happens),
                pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"),
            ):
                await reading(port)
    finally:
        if trouble == "a table is away":
            await root_sql.execute(BACK)

    assert CHUNK < read.count(b"\r\n") < MANY
    assert database._engine.sync_engine.pool.checkedout() == 0
    number = read.decode().split("\r\n")[1][:8]
    assert len(table(await crowd.get("/orders/export", q=number))) == 1


async def test_what_cannot_be_begun_is_refused(till, root_sql):
    await till.order(await till.event(), 1)
    await root_sql.execute(AWAY)
    try:
        refused(await till.get("/orders/export"), 500, "internal")
    finally:
        await root_sql.execute(BACK)


async def test_nothing_is_read_for_a_client_who_has_left(crowd, owner_sql):
    await many(owner_sql, crowd)
    database = crowd.client.desks.database

    async def happens():
        writer.transport.abort()
        await asyncio.sleep(0.2)

    async with served(crowd.client) as port:
        with before_reading(database, 4, happens) as begun:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"GET /api/v1/orders/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {crowd.key}\r\n\r\n"
            writer.write(head.encode())
            with suppress(ConnectionError):
                await reader.read()
            await asyncio.sleep(0.5)

    assert next(begun) == 5
    assert database._engine.sync_engine.pool.checkedout() == 0
    assert len(table(await crowd.get("/customers/export"))) == 1
