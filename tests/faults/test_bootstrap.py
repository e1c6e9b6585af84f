"""The roles and the database that `bootstrap.sql` makes, here and on a server of the operator's own."""

import asyncpg
import pytest

from foyer.infra.db.embedded import temporary_cluster
from foyer.infra.db.embedded.initialize import BOOTSTRAP


async def fetch(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def bootstrap(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(BOOTSTRAP.read_text())
    finally:
        await connection.close()


async def test_the_roles_are_what_the_tenant_wall_needs():
    with temporary_cluster() as cluster:
        assert await fetch(cluster.app_url, "SELECT lower('É') || ('a' < 'B')::text") == "éfalse"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(cluster.app_url, "CREATE TABLE public.mine ()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(cluster.app_url, "SET ROLE foyer_lookup")
        assert await fetch(cluster.owner_url, "SELECT pg_has_role('foyer_lookup', 'SET')") is True
        assert await fetch(cluster.owner_url, "SELECT pg_has_role('foyer_lookup', 'USAGE')") is False
        await fetch(cluster.superuser_url, "CREATE ROLE stranger LOGIN")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(cluster.url("stranger"))
        await bootstrap(cluster.superuser_url)
        await fetch(cluster.superuser_url, "GRANT foyer_lookup TO foyer_app")
        with pytest.raises(asyncpg.RaiseError, match="would open every tenant"):
            await bootstrap(cluster.superuser_url)


async def test_an_operator_without_superuser_can_bootstrap_a_server_of_their_own():
    with temporary_cluster() as cluster:
        postgres = cluster.url("postgres", "postgres")
        for sql in (
            "DROP DATABASE foyer",
            "DROP ROLE foyer_owner",
            "DROP ROLE foyer_app",
            "DROP ROLE foyer_lookup",
        ):
            await fetch(postgres, sql)
        await fetch(postgres, "CREATE ROLE operator LOGIN CREATEDB CREATEROLE")
        await fetch(cluster.url("operator", "postgres"), "CREATE DATABASE tickets")
        for _ in range(2):
            await bootstrap(cluster.url("operator", "tickets"))
        assert (
            await fetch(cluster.url("foyer_owner", "tickets"), "SELECT pg_has_role('foyer_lookup', 'SET')")
            is True
        )
