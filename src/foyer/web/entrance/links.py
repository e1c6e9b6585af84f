"""Where links from mails lead: a proved address, a new password. Opening one changes nothing; its button does."""

from datetime import timedelta
from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from foyer.domains.identity import (
    ask_for_confirmation,
    ask_for_reset,
    confirm_address,
    link_holder,
    organization_of_code,
    password_findings,
    reset_password,
    staff_known_by,
    take_turns,
)
from foyer.domains.identity.types import Limit, LinkHolder, LinkPurpose
from foyer.infra.network import network_of
from foyer.infra.passwords import hash_password
from foyer.kernel.access import PUBLIC, SELF, declares
from foyer.kernel.errors import FoyerError, Invalid, NotFound
from foyer.kernel.ids import uuid7
from foyer.web.entrance.forms import address_key, findings_of, settings_of, shown, told
from foyer.web.entrance.pages import FormPage, LinkPage, WordPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.staff import staff, staff_cookie, staff_guard
from foyer.web.shared.visitor import desks

RESET_OF_ADDRESS: Final = Limit("reset of an address", 5, timedelta(hours=1))
RESET_FROM_NETWORK: Final = Limit("reset", 20, timedelta(hours=1))
CONFIRMATION: Final = Limit("confirmation", 5, timedelta(hours=1))

GONE: Final = "This link was used already, or its time is up, or it was cut in two on its way."


@get("/password-reset", opt=declares(PUBLIC), sync_to_thread=False)
def ask_page() -> Response[str]:
    return drawn("entrance/reset.html", FormPage(title="Set a new password"))


@post("/password-reset", opt=declares(PUBLIC), status_code=200)
async def ask(request: AnyRequest) -> Response[str]:
    """Have a link sent to an address. The answer is the same, and takes as long, whether anybody has it."""
    typed = await typed_into(request)
    email = typed.get("email", "").strip()
    database = desks(request).database
    try:
        await take_turns(
            database, (RESET_OF_ADDRESS, address_key(email)), (RESET_FROM_NETWORK, network_of(request))
        )
    except FoyerError as refused:
        page = FormPage(title="Set a new password", form=shown(typed), findings=findings_of(refused))
        return told(drawn("entrance/reset.html", page, status=refused.status), refused)
    for organization_id, user_id in await staff_known_by(database, email) or [(uuid7(), uuid7())]:
        async with database.write(organization_id) as tx:
            await ask_for_reset(tx, user_id)
    word = WordPage(
        title="Look into your mailbox",
        detail="If somebody works here under this address, a link is on its way to it. It is good for 30 minutes, and once."
        " Nothing there? Look among unwanted mail, or check how the address is written.",
        icon="mail",
        kind="brand",
        action="Back to sign in",
        href="/sign-in",
    )
    return drawn("entrance/word.html", word)


@get("/password-reset/new", opt=declares(PUBLIC))
async def new_password_page(request: AnyRequest) -> Response[str]:
    code = request.query_params.get("code", "")
    held = await _holder(request, code, LinkPurpose.RESET)
    if held is None:
        return _gone("Ask for a new one; it takes a minute.", "Send a new link", "/password-reset")
    return _new_password(held, code)


@post("/password-reset/new", opt=declares(PUBLIC))
async def set_new_password(request: AnyRequest) -> Response[Any]:
    """Set the new password. Everybody who is signed in with the old one is signed out, this browser included."""
    typed = await typed_into(request)
    code, password = typed.get("code", ""), typed.get("password", "")
    held = await _holder(request, code, LinkPurpose.RESET)
    if held is None:
        return _gone("Ask for a new one; it takes a minute.", "Send a new link", "/password-reset")
    try:
        if found := password_findings(password):
            raise Invalid.of(found)
        password_hash = await hash_password(password)
        async with desks(request).database.write(held.organization_id) as tx:
            await reset_password(tx, code, password_hash)
    except NotFound:
        return _gone("Ask for a new one; it takes a minute.", "Send a new link", "/password-reset")
    except FoyerError as refused:
        return _new_password(held, code, refused)
    answer: Response[Any] = Redirect("/sign-in?said=password", status_code=303)
    answer.cookies.append(staff_cookie(settings_of(request), ""))
    return answer


@get("/confirm", opt=declares(PUBLIC))
async def confirm_page(request: AnyRequest) -> Response[str]:
    code = request.query_params.get("code", "")
    held = await _holder(request, code, LinkPurpose.CONFIRM)
    if held is None:
        return _gone("Sign in and have a new one sent.", "Sign in", "/sign-in")
    page = LinkPage(
        title="Confirm your address", form={"code": code}, email=held.email, expires_at=held.expires_at
    )
    return drawn("entrance/confirm.html", page)


@post("/confirm", opt=declares(PUBLIC), status_code=200)
async def confirm(request: AnyRequest) -> Response[str]:
    code = (await typed_into(request)).get("code", "")
    try:
        async with desks(request).database.write(organization_of_code(code) or uuid7()) as tx:
            await confirm_address(tx, code)
    except NotFound:
        return _gone("Sign in and have a new one sent.", "Sign in", "/sign-in")
    word = WordPage(
        title="Your address is confirmed",
        detail="Events of your organization can be published now.",
        action="To the office",
        href="/office",
    )
    return drawn("entrance/word.html", word)


@post("/confirm/again", opt=declares(SELF), guards=[staff_guard], status_code=200)
async def confirm_again(request: AnyRequest) -> Response[str]:
    """Have the link sent once more."""
    here, database = staff(request), desks(request).database
    if not here.is_confirmed:
        await take_turns(database, (CONFIRMATION, str(here.user_id)))
        async with database.write(here.shop.id) as tx:
            await ask_for_confirmation(tx, here.user_id, actor=here.actor)
    word = WordPage(
        title="Look into your mailbox",
        detail=f"A link is on its way to {here.email}. It is good for three days.",
        icon="mail",
        kind="brand",
        action="Back to the office",
        href="/office",
    )
    return drawn("entrance/word.html", word)


async def _holder(request: AnyRequest, code: str, purpose: LinkPurpose) -> LinkHolder | None:
    async with desks(request).database.read(organization_of_code(code) or uuid7()) as tx:
        return await link_holder(tx, code, purpose)


def _gone(more: str, action: str, href: str) -> Response[str]:
    word = WordPage(
        title="This link is no good any more",
        detail=f"{GONE} {more}",
        icon="clock",
        kind="warn",
        action=action,
        href=href,
    )
    return drawn("entrance/word.html", word, status=404)


def _new_password(held: LinkHolder, code: str, refused: FoyerError | None = None) -> Response[str]:
    page = LinkPage(
        title="Choose a new password",
        form={"code": code},
        findings=findings_of(refused) if refused else (),
        email=held.email,
        expires_at=held.expires_at,
    )
    return told(drawn("entrance/new_password.html", page, status=refused.status if refused else 200), refused)


ROUTES = [ask_page, ask, new_password_page, set_new_password, confirm_page, confirm, confirm_again]
