"""Who gives which role to whom: nobody more than they hold, and there is always an owner."""

import asyncio

import pytest

from foyer.domains.identity import add_user, change_role
from foyer.domains.identity.types import UserDraft
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from foyer.kernel.permissions import ROLES


@pytest.fixture
async def team(database, organization):
    """One member of staff for each role beside the owner, as actors by role."""
    actors = {"owner": organization.owner}
    for role in set(ROLES) - {"owner"}:
        async with database.write(organization.id) as tx:
            draft = UserDraft(name=role, email=f"{role}@example.org", password="ten letters", role=role)
            user_id = await add_user(tx, draft, password_hash="none")
        actors[role] = Actor(ActorKind.USER, organization.id, user_id, user_id, role, ROLES[role])
    return actors


async def roles(owner_sql, organization):
    rows = await owner_sql.fetch("SELECT id, role FROM users WHERE organization_id = $1", organization.id)
    return {row["id"]: row["role"] for row in rows}


async def give(database, actor, user_id, role):
    async with database.write(actor.organization_id) as tx:
        await change_role(tx, user_id, role, actor=actor)


async def test_owner_gives_roles_and_it_is_written_down(database, team, organization, owner_sql):
    await give(database, team["owner"], team["support"].id, "manager")

    assert (await roles(owner_sql, organization))[team["support"].id] == "manager"
    query = (
        "SELECT action, actor_id, subject_id, changes->'role' AS role FROM audit WHERE organization_id = $1"
    )
    (row,) = await owner_sql.fetch(query, organization.id)
    assert (row["action"], row["actor_id"]) == ("user.role_changed", organization.user_id)
    assert (row["subject_id"], row["role"]) == (team["support"].id, '["support", "manager"]')


@pytest.mark.parametrize(
    ("actor", "whose", "role"),
    [("admin", "support", "owner"), ("admin", "owner", "analyst"), ("admin", "admin", "owner"),
     ("manager", "support", "admin"), ("manager", "admin", "support"), ("support", "support", "manager"), ("analyst", "analyst", "support")],
)  # fmt: skip
async def test_nobody_gives_or_takes_what_they_lack(
    database, team, organization, owner_sql, actor, whose, role
):
    before = await roles(owner_sql, organization)
    with pytest.raises(Forbidden):
        await give(database, team[actor], team[whose].id, role)

    assert await roles(owner_sql, organization) == before


async def test_last_owner_stays(database, team, organization, stranger, owner_sql):
    owner = team["owner"]
    for role in set(ROLES) - {"owner"}:
        with pytest.raises(Conflict):
            await give(database, owner, owner.id, role)
    for user_id, role, refusal in (
        (stranger.user_id, "admin", NotFound),
        (team["support"].id, "king", Invalid),
    ):
        with pytest.raises(refusal):
            await give(database, owner, user_id, role)
    await give(database, owner, owner.id, "owner")
    assert (await roles(owner_sql, organization))[owner.id] == "owner"


async def test_owner_who_may_not_sign_in_does_not_count(database, team, organization, owner_sql):
    await give(database, team["owner"], team["admin"].id, "owner")
    await owner_sql.execute(
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1 AND id = $2",
        organization.id, team["admin"].id,
    )  # fmt: skip
    with pytest.raises(Conflict):
        await give(database, team["owner"], team["owner"].id, "admin")

    assert (await roles(owner_sql, organization))[team["owner"].id] == "owner"


async def test_two_owners_who_demote_each_other_at_once_leave_one(database, team, organization, owner_sql):
    await give(database, team["owner"], team["admin"].id, "owner")
    other = Actor(ActorKind.USER, organization.id, team["admin"].id, team["admin"].id, "x", ROLES["owner"])
    async with database.write(organization.id) as tx:
        await change_role(tx, other.id, "analyst", actor=team["owner"])
        late = asyncio.create_task(give(database, other, team["owner"].id, "analyst"))
        await asyncio.sleep(0.2)
        assert not late.done(), "it waits for who is ahead"
    with pytest.raises(Conflict):
        await late

    assert list((await roles(owner_sql, organization)).values()).count("owner") == 1
