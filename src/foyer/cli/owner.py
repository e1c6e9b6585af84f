"""`foyer owner reset`: a way in again for a member of staff whose mail does not arrive."""

import asyncio
from dataclasses import dataclass

import asyncpg

from foyer.cli.database import reachable, require_fit_login
from foyer.domains.identity import link_for_operator, staff_known_by
from foyer.domains.identity.types import StaffLink
from foyer.domains.organizations import shop
from foyer.infra.db.engine import REVISION, Database
from foyer.kernel.errors import Busy
from foyer.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class _Way:
    """Where somebody gets in again."""

    organization: str
    link: StaffLink


def reset_owner(settings: Settings, email: str) -> int:
    """Print a link that sets a new password, one for each organization; status 1 where nobody has the address."""
    try:
        with reachable(settings, makes=False) as address:
            asyncio.run(require_fit_login(address.app, revision=REVISION))
            ways = asyncio.run(_ways(address.app, email, settings.base_url))
    except (Busy, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The database cannot be used: {wrong.__cause__ or wrong}.") from None
    for way in ways:
        print(f"{way.organization}: {way.link.name}, {way.link.role}, until {way.link.expires_at:%H:%M} UTC")
        print(f"  {way.link.url}")
    if not ways:
        print(f"Nobody who may sign in has the address {email}.")
        return 1
    print("Each link is good once. Give it only to somebody of whom you know that the address is theirs.")
    return 0


async def _ways(url: str, email: str, base_url: str) -> list[_Way]:
    database = Database(url, pool_size=1)
    ways = []
    try:
        for organization_id, user_id in await staff_known_by(database, email):
            async with database.write(organization_id) as tx:
                house = await shop(tx)
                link = await link_for_operator(tx, user_id, base_url) if house is not None else None
                if house is not None and link is not None:
                    ways.append(_Way(house.slug, link))
    finally:
        await database.close()
    return ways
