"""Finding the database: the operator's, the running embedded one, or one started for a command's lifetime."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from foyer.infra.db.embedded import (
    Address,
    AlreadySupervisedError,
    EmbeddedError,
    Server,
    locate,
    read_address,
)
from foyer.infra.db.login import PRIVILEGED, goes_through_a_pooler, pooler_of, sign_in
from foyer.settings import Settings, SettingsError


@contextmanager
def reachable(settings: Settings, *, makes: bool = True) -> Iterator[Address]:
    """Addresses of the database for the length of a command; an embedded server is started only if none runs.

    Args:
        settings: where it is.
        makes: whether an embedded one is made where there is none; a command that only reads makes nothing.

    Raises:
        SettingsError: there is none, with the sentence that says why.
    """
    if settings.database_url is not None:
        yield Address(app=settings.database_url, owner=settings.database_owner_url or "")
        return
    running = read_address(settings.data)
    if running is not None:
        yield running
        return
    if not makes:
        require_installation(settings)
    try:
        server = Server(locate(settings.data))
        address = server.start()
    except AlreadySupervisedError:
        raise SettingsError("Another command is starting the database at this moment; try again.") from None
    except EmbeddedError as wrong:
        raise SettingsError(str(wrong)) from None
    try:
        yield address
    finally:
        server.stop()


def require_installation(settings: Settings) -> None:
    """Refuse a FOYER_DATA in which no database was ever made, for who reads it: most often its path is wrong.

    Raises:
        SettingsError: naming the directory.
    """
    try:
        is_made = settings.database_url is not None or locate(settings.data).pgdata.exists()
    except EmbeddedError as wrong:
        raise SettingsError(str(wrong)) from None
    if not is_made:
        raise SettingsError(
            f"There is no installation in {settings.data.resolve()}; set FOYER_DATA to its directory, "
            "or run `foyer run` to begin one there."
        )


async def require_fit_login(url: str, *, revision: str | None = None) -> None:
    """Refuse a login that does not answer, or that steps over the tenant wall and would show everybody everything.

    Args:
        url: the login.
        revision: the schema that has to be there, for a process that does not migrate.

    Raises:
        SettingsError: with the sentence that mends it.
    """
    try:
        connection = await sign_in(url, {}, seconds=10)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The database of FOYER_DATABASE_URL cannot be reached: {wrong}.") from None
    try:
        is_pooled = await goes_through_a_pooler(connection)
        is_privileged = await connection.fetchval(PRIVILEGED)
        is_made = await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
        current = (
            await connection.fetchval("SELECT version_num FROM public.alembic_version") if is_made else None
        )
    finally:
        await connection.close()
    if is_pooled and not pooler_of(url):
        raise SettingsError(
            "FOYER_DATABASE_URL leads through a pooler; put ?pooler=transaction at its end, as docs/operate says, or sign in to "
            "the server itself."
        )
    if is_privileged:
        raise SettingsError(
            "FOYER_DATABASE_URL signs in as a superuser, an owner or a member of another role, which steps over the wall "
            "between organizations; use foyer_app, as docs/operate says."
        )
    if revision is not None and current != revision:
        raise SettingsError(
            f"The schema is {current or 'empty'}, this version needs {revision}; run `foyer migrate` first."
        )
