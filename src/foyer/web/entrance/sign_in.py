"""Signing in and out."""

import base64
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from foyer.domains.identity import is_still, sign_in, sign_out, staff_with, take_turns
from foyer.domains.identity.types import Limit, Match
from foyer.infra.crypto import CannotOpenError
from foyer.infra.network import network_of
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.errors import FoyerError, Invalid
from foyer.kernel.wire import Wire
from foyer.web.entrance.forms import address_key, findings_of, settings_of, shown, told
from foyer.web.entrance.pages import ChoicePage, SignInPage
from foyer.web.shared.client import visit_of
from foyer.web.shared.redirect import own_path
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.staff import session_of, staff_cookie
from foyer.web.shared.visitor import desks

FOR_ONE_ADDRESS: Final = Limit("sign-in to an address", 10, timedelta(minutes=15))
"""From one network: whoever guesses from elsewhere does not keep its owner out."""
FROM_ONE_NETWORK: Final = Limit("sign-in", 60, timedelta(minutes=15))

WRONG: Final = "The email address or the password is not right."
NOTICES: Final = {
    "signed-out": "You are signed out.",
    "password": "Your new password counts from now on. Sign in with it.",
    "chosen-late": "That took too long. Please sign in again.",
}

CHOICE: Final = "sign-in choice"
CHOICE_SECONDS: Final = 300


class Choice(Wire, frozen=True):
    """What is true of whoever typed a password that opens several houses; sealed, so that only we can have written it."""

    until: datetime
    matches: list[Match]
    onward: str


@get("/sign-in", opt=declares(PUBLIC))
async def form(request: AnyRequest) -> Response[Any]:
    wanted = own_path(request.query_params.get("next"))
    if await session_of(request) is not None:
        return Redirect(wanted, status_code=303)
    page = SignInPage(
        title="Sign in",
        form={"next": wanted},
        notice=NOTICES.get(request.query_params.get("said", ""), ""),
        can_sign_up=settings_of(request).sign_up,
    )
    return drawn("entrance/sign_in.html", page)


@post("/sign-in", opt=declares(PUBLIC))
async def enter(request: AnyRequest) -> Response[Any]:
    """Begin a session, or ask at which of several houses. Whoever is refused is not told whether the address is known."""
    typed = await typed_into(request)
    email, network = typed.get("email", ""), network_of(request)
    database = desks(request).database
    try:
        await take_turns(
            database,
            (FOR_ONE_ADDRESS, f"{network} {address_key(email)}"),
            (FROM_ONE_NETWORK, network),
        )
        matches = await staff_with(database, email, typed.get("password", ""))
        if not matches:
            raise Invalid(WRONG)
        onward = own_path(typed.get("next"))
        if len(matches) == 1:
            return await _entered(request, matches[0], onward)
    except FoyerError as refused:
        return _again(request, typed, refused)
    return await _asked(request, matches, onward)


@get("/sign-in/organization", opt=declares(PUBLIC))
async def choices(request: AnyRequest) -> Response[Any]:
    choice = await _choice(request)
    if choice is None:
        return Redirect("/sign-in?said=chosen-late", status_code=303)
    houses = [(str(one.organization_id), one.organization) for one in choice.matches]
    return drawn("entrance/choice.html", ChoicePage(houses=houses))


@post("/sign-in/organization", opt=declares(PUBLIC))
async def choose(request: AnyRequest) -> Response[Any]:
    choice, typed = await _choice(request), await typed_into(request)
    wanted = (
        [one for one in choice.matches if str(one.organization_id) == typed.get("organization")]
        if choice
        else []
    )
    if choice is None or not wanted or not await _still(request, wanted[0]):
        return Redirect("/sign-in?said=chosen-late", status_code=303)
    answer = await _entered(request, wanted[0], choice.onward)
    answer.cookies.append(_choice_cookie(request, ""))
    return answer


@post("/sign-out", opt=declares(PUBLIC))
async def leave(request: AnyRequest) -> Response[Any]:
    """End this browser's session; without one there is nothing to do."""
    session = await session_of(request)
    if session is not None:
        async with desks(request).database.write(session.shop.id) as tx:
            await sign_out(tx, session.id, actor=session.actor)
    answer: Response[Any] = Redirect("/sign-in?said=signed-out", status_code=303)
    answer.cookies.append(staff_cookie(settings_of(request), ""))
    return answer


async def _entered(request: AnyRequest, match: Match, onward: str) -> Response[Any]:
    """Somebody is in: under a token made this moment, whatever the browser has sent."""
    before, visit = await session_of(request), await visit_of(request)
    async with desks(request).database.write(match.organization_id) as tx:
        session = await sign_in(tx, match, visit=visit, instead_of=before)
    answer: Response[Any] = Redirect(own_path(onward), status_code=303)
    answer.cookies.append(staff_cookie(settings_of(request), session.token))
    return answer


def _again(request: AnyRequest, typed: dict[str, str], refused: FoyerError) -> Response[str]:
    page = SignInPage(
        title="Sign in",
        form={**shown(typed), "next": own_path(typed.get("next"))},
        findings=findings_of(refused),
        can_sign_up=settings_of(request).sign_up,
    )
    return told(drawn("entrance/sign_in.html", page, status=refused.status), refused)


async def _asked(request: AnyRequest, matches: list[Match], onward: str) -> Response[Any]:
    """To the question at which house; what is known goes along in a sealed cookie, and nothing is kept here."""
    async with desks(request).database.read(matches[0].organization_id) as tx:
        until = await tx.now() + timedelta(seconds=CHOICE_SECONDS)
    plain = msgspec.json.encode(Choice(until=until, matches=matches, onward=onward))
    sealed = desks(request).keyring.seal(plain, CHOICE)
    answer: Response[Any] = Redirect("/sign-in/organization", status_code=303)
    answer.cookies.append(_choice_cookie(request, base64.urlsafe_b64encode(sealed).decode()))
    return answer


async def _choice(request: AnyRequest) -> Choice | None:
    """What this browser was asked, if that is not too long ago."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_choice_name(request), ""))
        choice = msgspec.json.decode(desks(request).keyring.open(sealed, CHOICE), type=Choice)
    except (CannotOpenError, ValueError, msgspec.MsgspecError):
        return None
    async with desks(request).database.read(choice.matches[0].organization_id) as tx:
        return choice if choice.until > await tx.now() else None


async def _still(request: AnyRequest, match: Match) -> bool:
    async with desks(request).database.read(match.organization_id) as tx:
        return await is_still(tx, match)


def _choice_name(request: AnyRequest) -> str:
    return "__Host-foyer-choice" if settings_of(request).is_https else "foyer-choice"


def _choice_cookie(request: AnyRequest, value: str) -> Cookie:
    return Cookie(
        key=_choice_name(request),
        value=value,
        path="/",
        httponly=True,
        secure=settings_of(request).is_https,
        samesite="lax",
        max_age=CHOICE_SECONDS if value else 0,
    )


ROUTES = [form, enter, choices, choose, leave]
