"""Who is signed in: as of the request, and no longer than they may be."""

import pytest

from foyer.domains.identity import session_behind, touch_session
from tests.support.world import signed_in


def token_of(http):
    return http.cookies["foyer-staff"]


async def test_session_knows_who_it_is_with_the_rights_of_this_moment(
    visitor, database, organization, owner_sql
):
    await signed_in(visitor.http, organization)
    session = await session_behind(database, token_of(visitor.http))

    assert session.user_id == session.actor.user_id == organization.user_id
    assert session.shop.slug == organization.slug
    assert "events:edit" in session.actor.permissions
    await owner_sql.execute("UPDATE users SET role = 'analyst' WHERE organization_id = $1", organization.id)
    session = await session_behind(database, token_of(visitor.http))
    assert "events:edit" not in session.actor.permissions
    kept = await owner_sql.fetchval(
        "SELECT count(*) FROM sessions WHERE organization_id = $1 AND (token_hash::text LIKE $2 OR refresh_token_hash IS NOT NULL)",
        organization.id, f"%{token_of(visitor.http)}%",
    )  # fmt: skip
    assert kept == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE session_families SET revoked_at = foyer_now() WHERE organization_id = $1",
        "UPDATE session_families SET created_at = foyer_now() - interval '31 d', expires_at = foyer_now() WHERE organization_id = $1",
        "UPDATE session_families SET last_active = foyer_now() - interval '7 d' WHERE organization_id = $1",
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
        "UPDATE users SET status = 'pending' WHERE organization_id = $1",
        "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
        "UPDATE organizations SET deleted_at = foyer_now() WHERE id = $1",
    ],
)
async def test_session_is_over_with_the_next_request(visitor, database, organization, owner_sql, change):
    await signed_in(visitor.http, organization)
    assert await session_behind(database, token_of(visitor.http)) is not None
    await owner_sql.execute(change, organization.id)

    assert await session_behind(database, token_of(visitor.http)) is None


async def test_being_there_is_noted_now_and_then(visitor, database, organization, owner_sql):
    await signed_in(visitor.http, organization)
    session = await session_behind(database, token_of(visitor.http))
    assert not session.is_stale
    away = "UPDATE session_families SET last_active = foyer_now() - interval '6 d' WHERE organization_id = $1"
    await owner_sql.execute(away, organization.id)
    assert (await session_behind(database, token_of(visitor.http))).is_stale
    async with database.write(organization.id) as tx:
        await touch_session(tx, session.id)

    assert not (await session_behind(database, token_of(visitor.http))).is_stale


@pytest.mark.parametrize("token", ["", "x", "fys_", "fys_" + "A" * 43, "fyk_" + "A" * 43, "fys_\udcff"])
async def test_garbage_is_nobody(database, token):
    assert await session_behind(database, token) is None
