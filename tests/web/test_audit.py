"""Every form of the office that is taken leaves its trace, and one that is refused leaves none. Generated from the routes."""

from io import BytesIO

import pytest
from PIL import Image

from foyer.domains.identity import add_device, add_user
from foyer.domains.identity.types import UserDraft
from tests.access.test_audit import World, trace
from tests.access.test_routes import filled, routes
from tests.api.asking import Office, Shop
from tests.support.world import PASSWORD
from tests.web.seat import form_of, seated


def picture():
    drawn = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    return drawn.getvalue()


OWN = {"Sec-Fetch-Site": "same-origin"}
EVENT, TYPE, POOL = "/events/{event_id:uuid}", "/tickets/{type_id:uuid}", "/areas/{pool_id:uuid}"
TICKET, CUSTOMER = "/attendees/{ticket_id:uuid}", "/customers/{customer_id:uuid}"
QUESTION = "/questions/{question_id:uuid}"
DEVICE = "/check-in/devices/{device_id:uuid}"
ORDER, CODE, TAX = "/orders/{order_id:uuid}", "/discounts/{discount_id:uuid}", "/tax-rates/{tax_rate_id:uuid}"


async def nothing(_world):
    return {}


async def draft(world):
    return await world.event(publish=False)


async def on_sale(world):
    return await world.event(publish=True)


async def placed(world):
    return await world.order("Seat")


async def asked(world):
    return await world.order("Board")


async def paid(world):
    return await world.order("Seat", paid=True)


async def free(world):
    return await world.order("Free")


async def device(world):
    owner = world.shop.organization.owner
    async with world.database.write(world.shop.organization.id) as tx:
        return {"device_id": await add_device(tx, name="Gate", all_events=True, actor=owner)}


def fills(at="", **changes):
    """The form of the page under this address, with some fields changed."""

    async def act(seat, path, _ids):
        form = {**form_of(await seat.open(path + at), path), **changes}
        return await seat.send(path, form)

    return act


def sends(**fields):
    """Fields as they are; what is called like an id of this world is that id."""

    async def act(seat, path, ids):
        return await seat.send(path, {name: ids.get(value, value) for name, value in fields.items()})

    return act


def uploads(name, **fields):
    async def act(seat, path, _ids):
        file = {name: ("a.png", picture(), "image/png")}
        return await seat.http.post(path, files=file, data=fields, headers=OWN)

    return act


NEW_EVENT = {
    "title": "Night",
    "description": "x",
    "category": "Music",
    "startDate": "2031-06-11",
    "endDate": "2031-06-11",
}
DEEDS = {
    "/events/new": (nothing, fills(**NEW_EVENT), 1),
    EVENT: (draft, fills(title="Other"), 1),
    f"{EVENT}/publication": (draft, sends(), 1),
    f"{EVENT}/deletion": (draft, sends(), 1),
    f"{EVENT}/settings": (draft, fills(approvalHours="24"), 1),
    f"{EVENT}/copy": (draft, fills(), None),
    f"{EVENT}/cancellation": (on_sale, sends(), 1),
    f"{EVENT}/pictures": (draft, uploads("picture", place="cover"), 2),
    f"{EVENT}/tickets/new": (draft, fills(name="Pass", price="10", quantity="10"), 1),
    f"{EVENT}{TYPE}": (draft, fills(name="Stalls"), 1),
    f"{EVENT}{TYPE}/deletion": (draft, sends(), 1),
    f"{EVENT}{TYPE}/place": (draft, sends(way="down"), 1),
    f"{EVENT}/tickets/order": (draft, sends(id="reversed"), 1),
    f"{EVENT}/areas/new": (draft, fills(name="Hall", capacity="50"), 1),
    f"{EVENT}{POOL}": (draft, fills(name="Balcony"), 1),
    f"{EVENT}{POOL}/deletion": (draft, sends(), 1),
    f"{EVENT}/access": (draft, fills(name="Press"), 1),
    f"{EVENT}/access/{{link_id:uuid}}/revocation": (draft, sends(), 1),
    f"{EVENT}/questions/new": (draft, fills(label="Song?"), 1),
    f"{EVENT}/questions/order": (draft, sends(id="reversed questions"), 1),
    f"{EVENT}{QUESTION}": (draft, fills(label="Which song?"), 1),
    f"{EVENT}{QUESTION}/deletion": (draft, sends(), 1),
    f"{EVENT}{QUESTION}/place": (draft, sends(way="down"), 1),
    f"{ORDER}/notes": (placed, sends(notes="By the door."), 1),
    f"{ORDER}/payment": (placed, sends(), 1),
    f"{ORDER}/approval": (asked, sends(decision="refuse"), 1),
    f"{ORDER}/cancellation": (placed, sends(), 1),
    f"{ORDER}/email": (placed, sends(email="other@example.org"), 1),
    f"{ORDER}/refund": (paid, fills("?way=all"), 1),
    f"{ORDER}/mail": (paid, sends(), 1),
    "/orders/bulk/payment": (placed, sends(order="order_id"), 1),
    "/orders/bulk/mail": (paid, sends(order="order_id"), 1),
    TICKET: (free, fills(firstName="Kim"), 1),
    f"{TICKET}/check-in": (free, sends(), 0),
    f"{TICKET}/check-in/undo": (World.admitted, sends(), 1),
    CUSTOMER: (free, fills(firstName="Kim"), 1),
    f"{CUSTOMER}/erasure": (free, sends(), 1),
    "/check-in/devices/new": (nothing, fills(name="Gate", reach="all"), 2),
    f"{DEVICE}/pairing": (device, sends(), 1),
    f"{DEVICE}/revocation": (device, sends(), 1),
    "/check-in/tickets/{ticket_id:uuid}/undo": (World.admitted, sends(), 1),
    "/discounts/new": (nothing, fills(code="NIGHT", percentage="10"), 1),
    CODE: (World.discount, fills(percentage="20"), 1),
    f"{CODE}/deletion": (World.discount, sends(), 1),
    "/tax-rates/new": (nothing, fills(name="Night", ratePercentage="7"), 1),
    TAX: (World.tax_rate, fills(ratePercentage="8"), 1),
    f"{TAX}/deletion": (World.tax_rate, sends(), 1),
    "/settings": (nothing, fills(name="Renamed"), 1),
    "/settings/selling": (nothing, fills(), 1),
    "/settings/look": (nothing, fills(primaryColor="#204080"), 1),
    "/settings/logo": (nothing, uploads("logo"), 2),
}
"""By address: what has to be there, what is sent, and how many rows it leaves; a copy leaves one for each thing that it copies, and a
check-in none, for it is a scan."""


def written(client):
    return [
        path
        for method, path, access in routes(client, below="/office")
        if access.kind == "permission" and method not in {"GET", "HEAD"}
    ]


@pytest.fixture
async def analyst(database, organization):
    async with database.write(organization.id) as tx:
        one = UserDraft(name="Ana", email="ana@example.org", password=PASSWORD, role="analyst")
        return await add_user(tx, one)


async def test_every_form_that_is_taken_leaves_its_trace(client, database, organization, owner_sql, analyst):
    world = World(database, Shop(client, organization), Office(client, organization))
    assert {f"/office{path}" for path in DEEDS} == set(written(client))
    async with seated(client, organization) as owner, seated(client, organization, analyst) as other:
        for path in written(client):
            make, act, count = DEEDS[path.removeprefix("/office")]
            ids = await make(world)
            before = await trace(owner_sql, organization)
            refused = await other.send(filled(path, ids), {})
            assert refused.status_code == 403, (path, refused.status_code)
            assert await trace(owner_sql, organization) == before, path

            answer = await act(owner, filled(path, ids), ids)
            assert answer.status_code < 400, (path, answer.status_code, answer.text[-600:])
            new = [row for row in await trace(owner_sql, organization) if row not in before]
            assert len(new) == count if count is not None else len(new) > 1, (path, new)
            assert {row[1] for row in new} <= {"user"}, path
