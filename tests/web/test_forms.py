"""Forms that no page of ours sends: whoever writes them by hand is refused, and finds no defect."""

import pytest

from tests.access.test_office import filled
from tests.access.test_routes import routes
from tests.support.world import make_event
from tests.web.desk import at_desk
from tests.web.doors import new_device, phone

PART = b'--X\r\nContent-Disposition: form-data; name="email"%b\r\n\r\n%b\r\n--X--\r\n'
BODIES = [
    PART % (b"", b"\xff\xfe"), PART % (b"\r\nContent-Type: text/plain; charset=rot13", b"abc"),
    PART % (b"\r\nContent-Type: text/plain; charset=no-such", b"abc"), PART % (b"\r\nContent-Type: text/plain; charset=utf-16", b"abc"),
    (PART % (b"", b"1")).removesuffix(b"--X--\r\n") * 1_500, b"--X\r\n", b"X" * 300_000,
]  # fmt: skip
MANGLED = 6
"""So many of them are small enough to be read."""
KINDS = {"Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=X"}


@pytest.mark.parametrize("number", range(len(BODIES)))
async def test_form_that_cannot_be_read_is_refused_wherever_it_is_sent(
    client, database, organization, owner_sql, number
):
    """Of every form of the shop, the entrance, the office and the door, by somebody who may send it."""
    addresses = [
        path
        for method, path, _ in routes(client, below="/")
        if method == "POST" and not path.startswith("/api/") and path not in {"/sign-out", "/door/leave"}
    ]
    assert len(addresses) > 50
    event = await make_event(database, organization)
    ids = {"event_id": event.id, "ticket_type_id": event.ticket_types[0].id}
    _, code = await new_device(database, organization)
    async with at_desk(client, database, organization) as desk, phone(client) as door:
        await door.pair(code)
        desk.http.cookies.update(door.http.cookies)
        said = {}
        for path in addresses:
            address = filled(path.replace("{slug:str}", organization.slug), ids)
            said[path] = (await desk.http.post(address, content=BODIES[number], headers=KINDS)).status_code
    assert {path: status for path, status in said.items() if status >= 500} == {}
    assert list(said.values()).count(400 if number < MANGLED else 413) > 20
    kept = "SELECT title, status FROM events WHERE organization_id = $1"
    assert tuple(await owner_sql.fetchrow(kept, organization.id)) == (event.title, event.status.value)
