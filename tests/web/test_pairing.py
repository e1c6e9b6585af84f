"""A phone becomes a device: by a code that is taken once, within ten minutes, and is in no address."""

import asyncio
from datetime import timedelta

import pytest

from foyer.domains.events import make_device
from foyer.domains.events.types import DeviceDraft
from foyer.domains.identity import begin_pairing, revoke_device
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Conflict, Invalid
from tests.api.asking import untouched_by
from tests.support.world import KEYRING, make_event, running_app, settings_for
from tests.web.doors import SAME, code_of, new_device, phone


async def devices_of(owner_sql, organization):
    query = (
        "SELECT name, token_hash IS NOT NULL AS paired FROM devices WHERE organization_id = $1 ORDER BY id"
    )
    return [tuple(row) for row in await owner_sql.fetch(query, organization.id)][1:]


async def test_code_makes_the_phone_a_device_and_the_secret_stays_in_the_cookie(
    client, database, organization
):
    event = await make_event(database, organization)
    _, code = await new_device(database, organization, event.id)
    async with phone(client) as one:
        assert (await one.open()).headers["location"] == "/door/pair"
        page = await one.open("/pair")
        answer = await one.pair(f"{code[:4]} {code[4:8].lower()}-{code[8:]}")

        cookie = answer.headers["set-cookie"]
        assert (page.status_code, answer.status_code, answer.headers["location"]) == (200, 303, "/door")
        assert cookie.startswith("foyer-door=fyd_")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert (await one.open()).headers["location"] == f"/door/events/{event.id}"
        shown = await one.open(f"/events/{event.id}")
    assert "North gate" in shown.text
    assert one.http.cookies["foyer-door"] not in shown.text


async def test_on_https_the_name_of_the_cookie_promises_where_it_comes_from(
    database, organization, app_url, tmp_path
):
    _, code = await new_device(database, organization)
    async with (
        running_app(settings_for(tmp_path, base_url="https://tickets.example.org"), app_url) as client,
        phone(client) as one,
    ):
        cookie = (await one.pair(code)).headers["set-cookie"]
    assert cookie.startswith("__Host-foyer-door=")
    assert "Secure" in cookie.split("; ")


async def test_code_is_taken_once_whoever_is_first(client, database, organization, owner_sql):
    _, code = await new_device(database, organization)
    async with phone(client) as one, phone(client) as two:
        answers = await asyncio.gather(one.pair(code), two.pair(code), one.pair(code), two.pair(code))
        assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
        late = await two.pair(code)
    assert late.status_code == 422
    assert "not known, or was used" in late.text
    assert code in late.text  # what was typed is not lost
    assert await devices_of(owner_sql, organization) == [("North gate", True)]


async def test_code_is_good_for_ten_minutes(database, organization, app_url, tmp_path, owner_sql):
    _, code = await new_device(database, organization)
    lasts = "SELECT expires_at - created_at FROM device_pairings WHERE organization_id = $1"
    assert await owner_sql.fetchval(lasts, organization.id) == timedelta(minutes=10)
    await owner_sql.execute(
        "UPDATE device_pairings SET created_at = created_at - interval '1 hour', expires_at = foyer_now() WHERE organization_id = $1",
        organization.id,
    )
    async with running_app(settings_for(tmp_path), app_url) as client, phone(client) as one:
        assert (await one.pair(code)).status_code == 422
    assert await devices_of(owner_sql, organization) == [("North gate", False)]


async def test_what_is_no_code_pairs_nothing(client, database, organization, owner_sql):
    await new_device(database, organization)
    async with untouched_by(owner_sql)(organization), phone(client) as one:
        for typed in ("", "x", "0" * 12, "%" * 12, "K7QF2M9XTR4DD", "\x00" * 12, "' OR 1=1 --1"):
            answer = await one.pair(typed)
            assert (answer.status_code, "set-cookie" in answer.headers) == (422, False), typed


async def test_only_a_hash_of_the_code_is_kept(database, organization, owner_sql):
    _, code = await new_device(database, organization)
    kept = await owner_sql.fetchval(
        "SELECT string_agg(p::text || d::text, '') FROM device_pairings p JOIN devices d ON d.id = p.device_id"
        " WHERE p.organization_id = $1",
        organization.id,
    )
    assert code not in kept


async def test_new_code_ends_the_old_one_and_a_second_phone_the_first(
    client, database, organization, owner_sql
):
    device_id, old = await new_device(database, organization)
    async with phone(client) as one, phone(client) as two:
        async with database.write(organization.id) as tx:
            await begin_pairing(tx, device_id, keyring=KEYRING, actor=organization.owner)
        new = await code_of(database, organization, device_id)
        assert (await one.pair(old)).status_code == 422
        assert (await one.pair(new)).status_code == 303
        assert (await one.open()).status_code == 200
        async with database.write(organization.id) as tx:
            await begin_pairing(tx, device_id, keyring=KEYRING, actor=organization.owner)
        assert (await one.open()).status_code == 200
        assert (await two.pair(await code_of(database, organization, device_id))).status_code == 303
        assert (await one.open()).headers["location"] == "/door/pair"
    actions = await owner_sql.fetch(
        "SELECT action FROM audit WHERE organization_id = $1 AND subject_id = $2 ORDER BY created_at, id",
        organization.id, device_id,
    )  # fmt: skip
    assert [row[0] for row in actions] == [
        "device.created", "device.pairing_begun", "device.pairing_begun", "device.paired", "device.pairing_begun",
        "device.paired",
    ]  # fmt: skip


async def test_revoked_device_is_cut_at_once_and_for_good(client, database, organization):
    event = await make_event(database, organization)
    device_id, code = await new_device(database, organization, event.id)
    async with phone(client) as one:
        await one.pair(code)
        assert (await one.open(f"/events/{event.id}")).status_code == 200
        async with database.write(organization.id) as tx:
            await begin_pairing(tx, device_id, keyring=KEYRING, actor=organization.owner)
        spare = await code_of(database, organization, device_id)
        async with database.write(organization.id) as tx:
            await revoke_device(tx, device_id, actor=organization.owner)

        assert (await one.open(f"/events/{event.id}")).headers["location"] == "/door/pair"
        refused = await one.send(event.id, "scans", code="0" * 16)
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
        assert (await one.pair(spare)).status_code == 422
    with pytest.raises(Conflict, match="revoked"):
        async with database.write(organization.id) as tx:
            await begin_pairing(tx, device_id, keyring=KEYRING, actor=organization.owner)


async def test_phone_gives_its_credential_back(client, database, organization, owner_sql):
    _, code = await new_device(database, organization)
    async with phone(client) as one:
        await one.pair(code)
        secret = one.http.cookies["foyer-door"]
        assert (await one.http.post("/door/leave", headers=SAME)).headers["location"] == "/door/pair"
        one.http.cookies.set("foyer-door", secret)
        assert (await one.open()).headers["location"] == "/door/pair"
    assert await devices_of(owner_sql, organization) == [("North gate", False)]


async def test_device_needs_a_name_and_events_of_ones_own(
    database: Database, organization, stranger, owner_sql
):
    strange = (await make_event(database, stranger)).id
    cases = [
        (DeviceDraft(name=" ", all_events=True), "name"), (DeviceDraft(name="x" * 61, all_events=True), "name"),
        (DeviceDraft(name="Gate"), "eventIds"), (DeviceDraft(name="Gate", event_ids=[strange]), "eventIds"),
    ]  # fmt: skip
    async with untouched_by(owner_sql)(organization, stranger):
        for draft, field in cases:
            with pytest.raises(Invalid) as refused:
                async with database.write(organization.id) as tx:
                    await make_device(tx, draft, keyring=KEYRING, actor=organization.owner)
            assert refused.value.field == field


async def test_nobody_elses_page_can_pair_or_scan(client, database, organization, owner_sql):
    event = await make_event(database, organization)
    _, code = await new_device(database, organization, event.id)
    _, second = await new_device(database, organization, event.id, name="South gate")
    async with phone(client) as one:
        await one.pair(code)
        async with untouched_by(owner_sql)(organization):
            for path, form in (
                ("/pair", {"code": second}),
                (f"/events/{event.id}/scans", {"code": "0" * 16}),
                ("/leave", {}),
            ):
                answer = await one.http.post(
                    f"/door{path}", data=form, headers={"Sec-Fetch-Site": "cross-site"}
                )
                assert answer.status_code == 403, path
