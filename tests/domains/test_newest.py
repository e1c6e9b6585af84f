"""Pages of lists that grow: everything once and the newest first, also where many rows were made in the same moment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from foyer.domains.customers import customers_for_staff
from foyer.domains.customers.models import CustomerRow
from foyer.domains.customers.types import CustomerFilter
from foyer.infra.db.newest import around
from foyer.kernel.errors import Invalid
from foyer.kernel.paging import Spot, write_cursor
from tests.domains.rows import NOW, Rows


@pytest.fixture
async def buyers(owner_sql):
    """Nine buyers made in three moments; the last row was made in the first one. Returns their organization and ids in order."""
    rows = Rows(owner_sql)
    made = []
    for minutes in (1, 1, 1, 1, 2, 2, 2, 3, 0):
        row = {**await rows.valid("customers"), "created_at": NOW + timedelta(minutes=minutes)}
        await rows.insert("customers", row)
        made.append(row)
    made.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return await rows.organization(), [row["id"] for row in made]


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9, 10])
async def test_pages_hold_everything_once_and_in_order(database, buyers, limit):
    organization_id, wanted = buyers
    seen, cursor = [], None
    async with database.read(organization_id) as tx:
        while True:
            page = await customers_for_staff(tx, CustomerFilter(), cursor=cursor, limit=limit)
            seen += [one.id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break

    assert seen == wanted


@pytest.mark.parametrize("limit", [1, 2, 4, 9, 10])
@pytest.mark.parametrize("oldest_first", [False, True])
async def test_list_is_walked_to_its_end_and_back(database, buyers, limit, oldest_first):
    organization_id, wanted = buyers
    wanted = wanted[::-1] if oldest_first else wanted
    async with database.read(organization_id) as tx:

        async def walk(**mark):
            spot = Spot(**mark, oldest_first=oldest_first)
            rows, before, after = await around(tx, CustomerRow, [], spot=spot, limit=limit)
            return [row.id for row in rows], before, after

        there = [await walk()]
        while there[-1][2] is not None:
            there.append(await walk(after=there[-1][2]))
        back = [there[-1]]
        while back[-1][1] is not None:
            back.append(await walk(before=back[-1][1]))

    assert [one for page in there for one in page[0]] == wanted
    assert [page[0] for page in back[::-1]] == [page[0] for page in there]
    assert there[0][1] is None
    assert back[-1] == there[0]


async def test_cursor_of_another_organization_leads_nowhere(database, buyers, organization):
    _, others = buyers
    async with database.read(organization.id) as tx:
        for cursor in (write_cursor(others[0]), write_cursor(uuid4())):
            page = await customers_for_staff(tx, CustomerFilter(), cursor=cursor, limit=5)
            assert (page.items, page.next_cursor) == ([], None)
        with pytest.raises(Invalid):
            await customers_for_staff(tx, CustomerFilter(), cursor="no cursor", limit=5)
