"""Who a login is, and how one signs in: straight to the server, or through a pooler in transaction mode."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from foyer.infra.db.tx import Connection

POOLER: Final = "pooler"
"""`?pooler=transaction` at the end of an address: every transaction may get another connection of the server's."""

PRIVILEGED: Final = """
SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind = 'r')
       OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
FROM pg_roles r WHERE rolname = current_user
"""
"""True for who could step over the tenant wall: a superuser, one that bypasses policies, an owner, a member of a role."""


def pooler_of(url: str) -> str | None:
    """What an address says about a pooler on the way."""
    return dict(parse_qsl(urlsplit(url).query)).get(POOLER)


async def sign_in(url: str, settings: Mapping[str, str], *, seconds: float = 5) -> Connection:
    """A connection with these settings of PostgreSQL for all its life.

    Through a pooler it has none of them: what is set for one's own transactions would be another's tomorrow, and a statement that
    was prepared would not be found again. Whoever opens a transaction there says `SET LOCAL`.
    """
    parts = urlsplit(url)
    rest = [(name, value) for name, value in parse_qsl(parts.query) if name != POOLER]
    bare = urlunsplit(parts._replace(query=urlencode(rest, safe="/:")))
    name = {"application_name": "foyer"}
    if pooler_of(url):
        return await asyncpg.connect(bare, timeout=seconds, server_settings=name, statement_cache_size=0)
    return await asyncpg.connect(url, timeout=seconds, server_settings={**name, **settings})


async def goes_through_a_pooler(connection: Connection) -> bool:
    """Whether somebody stands between: the server's process has another number than the one that greeted."""
    return bool(await connection.fetchval("SELECT pg_backend_pid()") != connection.get_server_pid())
