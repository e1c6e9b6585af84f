"""Check-in in the office: phones are paired, listed and cut off, and a mistake at a door is taken back."""

import re

import pytest

from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.infra.batching import Counter
from tests.api.asking import Shop, untouched_by
from tests.support.world import PASSWORD, make_event
from tests.web.conftest import words
from tests.web.doors import new_device, phone
from tests.web.seat import seated

PATH = "/office/check-in"


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, title="Lantern Night")


async def post(seat, path, **form):
    return await seat.send(path, form)


def code_on(page: str) -> str:
    found = re.search(r'class="pairing-code mono">([0-9A-Z ]+)<', page)
    assert found is not None, page
    return found[1].replace(" ", "")


async def test_phone_is_paired_from_the_office_and_cut_off_again(client, organization, event, owner_sql):
    async with seated(client, organization) as seat, phone(client) as steward:
        made = await post(
            seat, f"{PATH}/devices/new", name="North gate", reach="named", eventIds=str(event.id)
        )
        device = made.headers["location"]
        shown = (await seat.http.get(device)).text
        code = code_on(shown)
        assert (
            code_on((await seat.http.get(device)).text) == code
        )  # a page that is opened again shows the same
        assert code not in device
        assert 'role="img"' in shown
        assert "No phone yet" in (await seat.http.get(PATH)).text

        assert (await steward.pair(code)).status_code == 303
        assert "A phone is paired." in (await seat.http.get(device)).text
        ticket = (await Shop(client, organization).order(event))["tickets"][0]
        await steward.scan(event.id, ticket["code"])
        client.desks.board.forget(Counter(organization.id, event.id))
        page = words((await seat.http.get(PATH)).text)
        assert "Paired" in page
        assert "Admitted Jo Buyer Free" in page

        again = await post(seat, f"{device}/pairing")
        assert code_on((await seat.http.get(again.headers["location"])).text) != code
        assert (await steward.open(f"/events/{event.id}")).status_code == 200
        assert (await post(seat, f"{device}/revocation")).headers["location"] == f"{PATH}?done=revoked"
        assert (await post(seat, f"{device}/revocation")).status_code == 303
        assert (await steward.open(f"/events/{event.id}")).headers["location"] == "/door/pair"
        assert (await seat.http.get(device)).status_code == 404
    actions = await owner_sql.fetch(
        "SELECT DISTINCT action FROM audit WHERE organization_id = $1 AND subject_kind = 'device'",
        organization.id,
    )
    assert {row[0] for row in actions} == {
        "device.created", "device.allowed", "device.pairing_begun", "device.paired", "device.revoked",
    }  # fmt: skip


async def test_what_is_wrong_with_a_device_stands_beside_the_field(client, organization, event, owner_sql):
    async with seated(client, organization) as seat, untouched_by(owner_sql)(organization):
        nameless = await post(seat, f"{PATH}/devices/new", name=" ", reach="all")
        nowhere = await post(seat, f"{PATH}/devices/new", name="North gate", reach="named")
        odd = await post(seat, f"{PATH}/devices/new", name="North gate", reach="named", eventIds="x")
    assert [answer.status_code for answer in (nameless, nowhere, odd)] == [422, 422, 422]
    assert "Give it a name" in nameless.text
    assert "Choose at least one event" in nowhere.text
    assert 'value="North gate"' in nowhere.text
    assert "Choose from the list" in odd.text


async def test_mistake_at_a_door_is_taken_back_in_the_office(
    client, database, organization, event, owner_sql
):
    _, code = await new_device(database, organization, event.id)
    ticket = (await Shop(client, organization).order(event))["tickets"][0]
    async with seated(client, organization) as seat, phone(client) as steward:
        await steward.pair(code)
        await steward.scan(event.id, ticket["code"])
        undo = f"{PATH}/tickets/{ticket['id']}/undo"
        assert undo in (await seat.http.get(PATH)).text
        done = await post(seat, undo, event=str(event.id))
        assert done.headers["location"] == f"{PATH}?done=undone&event={event.id}"
        page = await seat.http.get(done.headers["location"])
        assert undo not in page.text
        assert "Taken back" in words(page.text)
        assert (await post(seat, undo)).status_code == 409
        assert (await steward.scan(event.id, ticket["code"]))["result"] == "admitted"


async def test_who_may_only_look_sees_no_phones_and_makes_none(
    client, database, organization, event, owner_sql
):
    async with database.write(organization.id) as tx:
        draft = UserDraft(name="Sam Support", email="sam@example.org", password=PASSWORD, role="support")
        support = await add_user(tx, draft)
    device_id, _ = await new_device(database, organization, event.id)
    ticket = (await Shop(client, organization).order(event))["tickets"][0]
    async with seated(client, organization, support) as seat, untouched_by(owner_sql)(organization):
        page = await seat.http.get(PATH)
        assert page.status_code == 200
        assert "North gate" not in page.text
        for path in (f"{PATH}/devices/new", f"{PATH}/devices/{device_id}"):
            assert (await seat.http.get(path)).status_code == 403, path
        for path in ("devices/new", f"devices/{device_id}/pairing", f"devices/{device_id}/revocation",
                     f"tickets/{ticket['id']}/undo"):  # fmt: skip
            assert (await post(seat, f"{PATH}/{path}", name="Mine", reach="all")).status_code == 403, path


async def test_nothing_of_strangers_is_shown_or_touched(client, database, organization, stranger, owner_sql):
    theirs = await make_event(database, stranger, title="Of strangers")
    device_id, _ = await new_device(database, stranger, theirs.id, name="Strange gate")
    ticket = (await Shop(client, stranger).order(theirs))["tickets"][0]
    async with seated(client, organization) as seat, untouched_by(owner_sql)(organization, stranger):
        assert "Strange" not in (await seat.http.get(f"{PATH}?event={theirs.id}")).text
        assert (await seat.http.get(f"{PATH}/devices/{device_id}")).status_code == 404
        for path in (
            f"devices/{device_id}/pairing",
            f"devices/{device_id}/revocation",
            f"tickets/{ticket['id']}/undo",
        ):
            assert (await post(seat, f"{PATH}/{path}")).status_code == 404, path
        made = await post(seat, f"{PATH}/devices/new", name="Mine", reach="named", eventIds=str(theirs.id))
        assert made.status_code == 422
