"""A ticket for the wallets of phones, for whoever holds its token."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from foyer.api.access import declares, holder
from foyer.api.requests import AnyRequest, base_url, desks, wallets, workshop
from foyer.api.v1.holding import TICKET, holding_ticket, shop_of
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import apple_pass, google_address
from foyer.domains.tickets.types import WalletWish
from foyer.infra.wallets import PKPASS
from foyer.kernel.errors import NoWallet
from foyer.kernel.wire import Wire


class WalletAddress(Wire, frozen=True):
    """An address that holds a whole ticket, with the code for the door: for its holder alone."""

    address: str


@get(
    "/shops/{slug:str}/tickets/{ticket_id:uuid}/apple-wallet",
    opt=declares(holder(TICKET), refuses=(NoWallet,)),
    media_type=PKPASS,
)
async def apple_wallet(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]
) -> Response[bytes]:
    """The ticket as a signed pass for Apple's wallet, in the shop's language; `no_wallet` where the installation has no keys for it."""
    shop = await shop_of(request, slug)
    wish = await _wish(request, shop, ticket_id)
    content = await apple_pass(workshop(request), wallets(request), desks(request).signer, wish)
    headers = {
        "Content-Disposition": 'attachment; filename="ticket.pkpass"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=PKPASS, headers=headers)


@get(
    "/shops/{slug:str}/tickets/{ticket_id:uuid}/google-wallet",
    opt=declares(holder(TICKET), refuses=(NoWallet,)),
)
async def google_wallet(request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]) -> WalletAddress:
    """Where the holder puts the ticket into Google's wallet; `no_wallet` where the installation has no keys for it."""
    shop = await shop_of(request, slug)
    wish = await _wish(request, shop, ticket_id)
    there = await google_address(workshop(request), wallets(request), desks(request).signer, wish)
    return WalletAddress(address=there)


async def _wish(request: AnyRequest, shop: Shop, ticket_id: UUID) -> WalletWish:
    """The ticket that the bearer holds, on its way into a wallet."""
    async with desks(request).database.read(shop.id) as tx:
        held = await holding_ticket(request, tx, ticket_id)
    key = desks(request).keyring.holder_token(TICKET, shop.id, ticket_id, held.link_generation)
    address = f"{base_url(request)}/{shop.slug}/tickets/{ticket_id}?key={key}"
    return WalletWish(shop.id, ticket_id, held.generation, address, shop.language)


ROUTES = [apple_wallet, google_wallet]
