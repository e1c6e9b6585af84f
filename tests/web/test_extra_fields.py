"""C11: a form of the office sets what its page shows. Every column of every table as a further field changes nothing."""

import re

from tests.access.test_audit import World
from tests.access.test_routes import filled
from tests.api.asking import Office, Shop
from tests.support.statements import TENANT_TABLES
from tests.web.seat import seated
from tests.web.test_audit import DEEDS

MARKER, PERSON, NUMBER = "extra-field-taken", "0190ffff-ffff-7fff-bfff-fffffffffffe", "424242"
VALUES = {
    "boolean": "true", "uuid": PERSON, "integer": NUMBER, "bigint": NUMBER, "smallint": "4242", "numeric": "42.42", "date": "2042-04-24",
    "timestamp with time zone": "2042-04-24T04:24:00Z", "jsonb": '{"taken": "extra-field-taken"}',
}  # fmt: skip
TRACES = re.compile(
    r"extra-field-taken|0190ffff|2042-04-24|(?<![0-9a-f.:-])(?:424242|4242|42[.]42)(?![0-9a-f-])"
)
"""Not where they stand by chance: in the middle of an id, a hash or a time."""
READ = {
    "notes", "email", "decision", "reason", "order", "type", "way", "version", "back", "event", "place", "picture", "logo", "remove", "name",
}  # fmt: skip
"""What is read of forms that stand on another page than their own."""


class Padded:
    """A seat whose forms have more in them than their pages."""

    def __init__(self, seat, extra):
        self.seat, self.http, self.extra = seat, self, extra

    async def open(self, path):
        return await self.seat.open(path)

    async def send(self, path, form):
        return await self.seat.send(path, {**self.extra, **form})

    async def post(self, path, *, files, data, headers):
        return await self.seat.http.post(path, files=files, data={**self.extra, **data}, headers=headers)


async def columns(owner_sql):
    """Every column of what belongs to organizations, and of these themselves, in both spellings, with a value of its type."""
    tables = [*TENANT_TABLES, "organizations"]
    query = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ANY($1)"
    found = {}
    for name, kind in await owner_sql.fetch(query, tables):
        head, *rest = name.split("_")
        value = VALUES.get(kind, MARKER)
        found |= {name: value, head + "".join(word.capitalize() for word in rest): value}
    return found


async def rows(owner_sql, organization, since):
    """What was written by transactions that began after this one."""
    new = "xmin::text::bigint > $2"
    parts = [
        f"SELECT '{table}', to_jsonb(t)::text FROM {table} t WHERE organization_id = $1 AND t.{new}"
        for table in TENANT_TABLES
    ]
    parts.append(f"SELECT 'organizations', to_jsonb(t)::text FROM organizations t WHERE id = $1 AND t.{new}")
    return [tuple(row) for row in await owner_sql.fetch(" UNION ALL ".join(parts), organization.id, since)]


async def test_columns_that_no_page_shows_are_set_by_no_form(client, database, organization, owner_sql):
    world = World(database, Shop(client, organization), Office(client, organization))
    extra = await columns(owner_sql)
    assert len(extra) > 300
    async with seated(client, organization) as seat:
        for path, (make, act, _) in DEEDS.items():
            ids = await make(world)
            address = filled(f"/office{path}", ids)
            own = await seat.http.get(address)
            shown = set(re.findall(r'name="([^"]+)"', own.text)) if own.status_code == 200 else READ
            padded = Padded(seat, {name: value for name, value in extra.items() if name not in shown})
            since = await owner_sql.fetchval("SELECT txid_current()")
            answer = await act(padded, address, ids)

            assert answer.status_code < 400, (path, answer.status_code, answer.text[-600:])
            written = await rows(owner_sql, organization, since)
            assert written, path
            assert [text for _, text in written if TRACES.search(text)] == [], path
