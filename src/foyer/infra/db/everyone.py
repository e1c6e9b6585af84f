"""Every organization there is, for what is done over all of them."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

from foyer.infra.db.engine import Database

PAGE: Final = 200


async def every_organization(database: Database) -> AsyncGenerator[UUID, None]:
    """Their ids in order, deleted ones too, asked for a page at a time; none is held open meanwhile."""
    page = [UUID(int=0)]
    while page := [row[0] for row in await database.look_up("organizations_page", page[-1], PAGE)]:
        for organization_id in page:
            yield organization_id
