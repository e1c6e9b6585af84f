"""Credentials that no longer hold, or hold less: the next request notices."""

import pytest

from foyer.domains.identity import issue_api_key, revoke_device
from tests.api.asking import bearing, event_body, refused, taken
from tests.support.world import make_event, make_organization


async def look(client, organization):
    return await client.get("/api/v1/events", headers=organization.staff)


async def knock(client, organization, event):
    body = {"eventId": str(event.id), "qr": "nothing"}
    return await client.post("/api/v1/check-ins", json=body, headers=organization.door)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE api_keys SET revoked_at = foyer_now() WHERE organization_id = $1",
        "UPDATE api_keys SET expires_at = foyer_now() - interval '1 s' WHERE organization_id = $1",
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
        "UPDATE users SET status = 'pending' WHERE organization_id = $1",
        "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
        "UPDATE organizations SET deleted_at = foyer_now() WHERE id = $1",
    ],
)
async def test_key_is_dead_with_the_next_request(client, organization, owner_sql, untouched, change):
    taken(await look(client, organization))
    await owner_sql.execute(change, organization.id)
    async with untouched(organization):
        refused(await look(client, organization), 401, "unauthenticated")
        made = await client.post("/api/v1/events", json=event_body(), headers=organization.staff)
        refused(made, 401, "unauthenticated")


async def test_key_that_has_not_expired_yet_works(client, organization, owner_sql):
    await owner_sql.execute(
        "UPDATE api_keys SET expires_at = foyer_now() + interval '1 h' WHERE organization_id = $1",
        organization.id,
    )

    taken(await look(client, organization))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
        "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
        "UPDATE organizations SET deleted_at = foyer_now() WHERE id = $1",
        "UPDATE devices SET token_hash = sha256('another phone') WHERE organization_id = $1",
    ],
)
async def test_device_goes_with_whoever_made_it(client, database, organization, owner_sql, change):
    event = await make_event(database, organization)
    taken(await knock(client, organization, event))
    await owner_sql.execute(change, organization.id)

    refused(await knock(client, organization, event), 401, "unauthenticated")


async def test_revoked_device_is_refused_at_once(client, database, organization, untouched):
    event = await make_event(database, organization)
    taken(await knock(client, organization, event))
    async with database.write(organization.id) as tx:
        await revoke_device(tx, organization.device_id, actor=organization.owner)
    async with untouched(organization):
        refused(await knock(client, organization, event), 401, "unauthenticated")


async def test_device_whose_maker_may_not_check_in_is_refused(client, database, organization, owner_sql):
    event = await make_event(database, organization)
    await owner_sql.execute("UPDATE users SET role = 'analyst' WHERE organization_id = $1", organization.id)

    refused(await knock(client, organization, event), 403, "forbidden", None, "tickets:check-in")


async def test_key_is_worth_no_more_than_its_scopes(client, database, organization, untouched):
    async with database.write(organization.id) as tx:
        narrow = bearing(
            (
                await issue_api_key(tx, user_id=organization.user_id, name="Reader", scopes=["events:view"])
            ).secret
        )
    async with untouched(organization):
        taken(await client.get("/api/v1/events", headers=narrow))
        refused(
            await client.post("/api/v1/events", json=event_body(), headers=narrow),
            403,
            "forbidden",
            None,
            "events:create",
        )
        knocked = await client.post(
            "/api/v1/check-ins", json={"eventId": event_body()["title"]}, headers=narrow
        )
        refused(knocked, 403, "forbidden", None, "tickets:check-in")


async def test_key_is_worth_no_more_than_its_maker(client, database, untouched):
    analysts = await make_organization(database, role="analyst")
    async with untouched(analysts):
        taken(await look(client, analysts))
        refused(
            await client.post("/api/v1/events", json=event_body(), headers=analysts.staff),
            403,
            "forbidden",
            None,
            "events:create",
        )


async def test_change_of_rights_counts_from_the_next_request(client, organization, owner_sql, untouched):
    async def make():
        return await client.post("/api/v1/events", json=event_body(), headers=organization.staff)

    async def set_to(role, *granted):
        query = "UPDATE users SET role = $2, permissions = $3 WHERE organization_id = $1"
        await owner_sql.execute(query, organization.id, role, list(granted))

    taken(await make(), 201)
    await set_to("support")
    async with untouched(organization):
        refused(await make(), 403, "forbidden", None, "events:create")
    await set_to("support", "events:create")
    taken(await make(), 201)
    await set_to("support", "events:*")
    taken(await make(), 201)
    await set_to("manager")
    taken(await make(), 201)


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", True), ("admin", True), ("manager", True), ("support", False), ("analyst", False)],
)
async def test_roles_as_published(client, organization, owner_sql, role, may):
    await owner_sql.execute("UPDATE users SET role = $2 WHERE organization_id = $1", organization.id, role)

    taken(await look(client, organization))
    made = await client.post("/api/v1/events", json=event_body(), headers=organization.staff)
    assert made.status_code == (201 if may else 403)


@pytest.mark.parametrize("written", ["bearer {}", "BEARER {}", "Bearer   {}  "])
async def test_scheme_is_read_as_the_standard_says(client, organization, written):
    answer = await client.get(
        "/api/v1/events", headers={"Authorization": written.format(organization.api_key)}
    )

    taken(answer)


async def test_cookies_and_parameters_are_no_credential(client, organization):
    key = organization.api_key
    refused(
        await client.get(
            f"/api/v1/events?access_token={key}&token={key}", headers={"Cookie": f"token={key}"}
        ),
        401,
        "unauthenticated",
    )
