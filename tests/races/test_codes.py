"""The limit of a code changes while carts take it: never more uses than it allows, and no use lost."""

import asyncio

from msgspec.structs import replace

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import Desks
from foyer.domains.events import create_discount, discount, edit_discount
from foyer.domains.events.types import DiscountDraft, TicketTypeDraft
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.errors import CodeExhausted, Conflict, FoyerError
from foyer.kernel.ids import uuid7
from tests.support.world import KEYRING, make_event

CARTS = 40
LIMITS = (30, 22, 25, 15, 18, 9, 12, 5)


async def test_limit_is_lowered_while_carts_take_the_code(app_url, database, organization, owner):
    event = await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=CARTS, price=1_000)
    )
    counter = Counter(organization.id, event.id)
    async with database.write(organization.id) as tx:
        code = await create_discount(
            tx, DiscountDraft(code="LAST", percentage=10, max_uses=CARTS), actor=organization.owner
        )
    two = [Desks(Database(app_url, pool_size=4), KEYRING, max_batch=8) for _ in range(2)]

    async def take(turn: int) -> object:
        house = two[turn % 2]
        lines = regular_lines([WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=1)])
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), lines, None)
        cart = (await house.reserve.ask(counter, ask)).cart
        return await house.edit.ask(counter, EditAsk(cart.id, CartEdit(code="last")))

    async def limit(uses: int) -> object:
        async with two[uses % 2].database.write(organization.id) as tx:
            return await edit_discount(
                tx, code.id, lambda before: replace(before, max_uses=uses), actor=organization.owner
            )

    outcomes = await asyncio.gather(
        *(take(turn) for turn in range(CARTS)), *map(limit, LIMITS), return_exceptions=True
    )
    for house in two:
        await house.close()

    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert [one for one in refused if not isinstance(one, FoyerError)] == []
    assert {type(one) for one in refused} <= {CodeExhausted, Conflict}
    async with database.read(organization.id) as tx:
        stands = await discount(tx, code.id)
    query = "SELECT count(*) FROM carts WHERE organization_id = $1 AND discount_id = $2"
    carrying = await owner.fetchval(query, organization.id, code.id)
    assert stands.held == carrying > 0
    assert stands.max_uses in {CARTS, *LIMITS}
    assert stands.held <= stands.max_uses
