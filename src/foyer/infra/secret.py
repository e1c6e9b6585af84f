"""The installation's keyring, checked against the canary that the database keeps."""

from foyer.infra.crypto import CannotOpenError, Keyring, keys_in
from foyer.infra.db.engine import Database
from foyer.settings import Settings, SettingsError

CANARY = b"foyer"
CONTEXT = "canary"


async def keyring_for(database: Database, settings: Settings) -> Keyring:
    """The keyring of this process; the first one ever leaves the canary.

    Raises:
        SettingsError: the secret keys are not those this database was filled with.
    """
    keyring = Keyring(keys_in(settings.data, settings.secret_keys))
    sealed = await database.canary(keyring.seal(CANARY, CONTEXT))
    try:
        keyring.open(sealed, CONTEXT)
    except CannotOpenError:
        raise SettingsError(
            "The secret key does not open this database: set FOYER_SECRET_KEYS, or bring back the file `secret` of "
            "FOYER_DATA, that it was filled with."
        ) from None
    return keyring
