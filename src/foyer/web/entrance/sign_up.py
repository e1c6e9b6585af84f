"""Signing up: a stranger makes an organization and is its owner."""

from datetime import timedelta
from functools import cache
from typing import Any, Final

from babel import Locale
from litestar import Response, get, post
from litestar.response import Redirect

from foyer.domains.identity import take_turns
from foyer.domains.identity.types import Limit
from foyer.domains.onboarding import require_complete, sign_up
from foyer.domains.onboarding.types import SignUp
from foyer.domains.organizations import free_slug, organization_by_slug, slug_finding
from foyer.infra.network import network_of
from foyer.infra.passwords import hash_password
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.errors import Finding, Forbidden, FoyerError, Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.money import CURRENCIES
from foyer.web.entrance.forms import Form, address_key, findings_of, settings_of, shown, told
from foyer.web.entrance.pages import SignUpPage
from foyer.web.shared.client import visit_of
from foyer.web.shared.filters import LOCALE
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.staff import staff_cookie
from foyer.web.shared.visitor import desks

FROM_ONE_NETWORK: Final = Limit("sign-up", 20, timedelta(hours=1))
FOR_ONE_ADDRESS: Final = Limit("sign-up of an address", 5, timedelta(hours=1))
COMMON: Final = ("EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK")
CLOSED: Final = "New organizations are made by whoever runs this installation. Ask them for one."
TAKEN: Final = "Another shop has this address; choose another one."


@get("/sign-up", opt=declares(PUBLIC))
async def form(request: AnyRequest) -> Response[str]:
    _require_open(request)
    return _page(request, {"currency": COMMON[0]})


@post("/sign-up/address", opt=declares(PUBLIC), status_code=200)
async def check_address(request: AnyRequest) -> Response[str]:
    """Suggest an address, or say whether the one that was typed is free; nothing is kept for anybody."""
    _require_open(request)
    typed = await _with_address(request, await typed_into(request))
    found = await _address_finding(request, typed["slug"])
    return _page(request, typed, found, is_free=bool(typed["slug"]) and not found)


@post("/sign-up", opt=declares(PUBLIC))
async def make(request: AnyRequest) -> Response[Any]:
    _require_open(request)
    typed = await _with_address(request, await typed_into(request))
    wanted = SignUp(
        organization=typed.get("organization", ""),
        slug=typed["slug"],
        currency=typed.get("currency", ""),
        name=typed.get("name", ""),
        email=typed.get("email", ""),
        password=typed.get("password", ""),
    )
    house = desks(request)
    try:
        require_complete(wanted)
        if found := await _address_finding(request, wanted.slug):
            raise Invalid.of(found)
        await take_turns(
            house.database,
            (FROM_ONE_NETWORK, network_of(request)),
            (FOR_ONE_ADDRESS, address_key(wanted.email)),
        )
        password_hash = await hash_password(wanted.password)
        visit = await visit_of(request)
        async with house.database.write(uuid7()) as tx:
            made = await sign_up(tx, wanted, password_hash=password_hash, keyring=house.keyring, visit=visit)
    except FoyerError as refused:
        return _page(request, typed, findings_of(refused), refused=refused)
    answer: Response[Any] = Redirect("/office", status_code=303)
    answer.cookies.append(staff_cookie(settings_of(request), made.session.token))
    return answer


@get("/sign-up/address", opt=declares(PUBLIC), sync_to_thread=False)
def back_to_form() -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect("/sign-up", status_code=303)


def _require_open(request: AnyRequest) -> None:
    if not settings_of(request).sign_up:
        raise Forbidden(CLOSED)


async def _with_address(request: AnyRequest, typed: Form) -> Form:
    """The form with the shop's address in it: the one that was typed, or one made of the organization's name."""
    slug = typed.get("slug", "").strip().lower()
    if slug and slug != typed.get("suggested", ""):
        return {**typed, "slug": slug, "suggested": ""}
    slug = await free_slug(desks(request).database, typed.get("organization", "")[:200])
    return {**typed, "slug": slug, "suggested": slug}


async def _address_finding(request: AnyRequest, slug: str) -> list[Finding]:
    if not slug:
        return []
    if (finding := slug_finding(slug)) is not None:
        return [finding]
    owner = await organization_by_slug(desks(request).database, slug)
    return [] if owner is None else [Finding("slug", TAKEN)]


@cache
def _currencies() -> tuple[tuple[str, str], ...]:
    names = Locale.parse(LOCALE).currencies
    rest = sorted(CURRENCIES - {*COMMON})
    return tuple((code, f"{code} · {names.get(code, code)}") for code in (*COMMON, *rest))


def _page(
    request: AnyRequest,
    typed: Form,
    findings: list[Finding] | tuple[Finding, ...] = (),
    *,
    is_free: bool = False,
    refused: FoyerError | None = None,
) -> Response[str]:
    page = SignUpPage(
        title="Make your organization",
        form=shown(typed),
        findings=findings,
        base=f"{settings_of(request).base_url.partition('://')[2]}/",
        currencies=_currencies(),
        is_free=is_free,
    )
    return told(drawn("entrance/sign_up.html", page, status=refused.status if refused else 200), refused)


ROUTES = [form, check_address, back_to_form, make]
