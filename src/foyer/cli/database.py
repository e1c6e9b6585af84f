"""Finding the database: the operator's, the running embedded one, or one started for a command's lifetime."""

from collections.abc import Iterator
from contextlib import contextmanager

from foyer.infra.db.embedded import (
    Address,
    AlreadySupervisedError,
    EmbeddedError,
    Server,
    locate,
    read_address,
)
from foyer.settings import Settings, SettingsError


@contextmanager
def reachable(settings: Settings) -> Iterator[Address]:
    """Addresses of the database for the length of a command; an embedded server is started only if none runs.

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
    server = Server(locate(settings.data))
    try:
        address = server.start()
    except AlreadySupervisedError:
        raise SettingsError("Another command is starting the database at this moment; try again.") from None
    except EmbeddedError as wrong:
        raise SettingsError(str(wrong)) from None
    try:
        yield address
    finally:
        server.stop()
