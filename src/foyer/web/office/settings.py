"""Pages of the office: what the organization says of itself, how it looks, how it sells."""

from collections.abc import Callable
from typing import Any, Final

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.organizations import edit_organization, keep_image, organization_for_staff
from foyer.domains.organizations.types import (
    DEFAULT_PRIMARY,
    DEFAULT_SECONDARY,
    OrganizationAddress,
    OrganizationStaff,
    SettingsDraft,
)
from foyer.infra.files import UPLOAD_BYTES_MAX, Use
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, Invalid, PreconditionFailed
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, is_answerable, money_text, percent_text, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.form import FormState
from foyer.web.office.pages.settings import LookPage, SettingsPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks, workshop

MAY: Final = declares(permission("organization:edit"))
HOUSE_TEXTS: Final = {
    "name": "name", "slug": "slug", "email": "email", "phone": "phone", "website": "website", "timeZone": "time_zone",
    "language": "language",
}  # fmt: skip
SELLING_TEXTS: Final = {
    "refundPolicy": "refund_policy", "taxNumber": "tax_number", "paymentInstructions": "payment_instructions",
    "privacyPolicyUrl": "privacy_policy_url", "termsOfServiceUrl": "terms_of_service_url",
}  # fmt: skip
SWITCHES: Final = {
    "allowGuestCheckout": "allow_guest_checkout", "ticketTransfersEnabled": "ticket_transfers_enabled",
    "emailNotifications": "email_notifications", "abandonedCartMails": "abandoned_cart_mails",
}  # fmt: skip
LINES: Final = {
    "line1": "line1", "line2": "line2", "postalCode": "postal_code", "city": "city", "state": "state", "country": "country",
}  # fmt: skip
Change = dict[str, Any]
Reader = Callable[[Form], Change]


@get("/settings", opt=MAY)
async def show_house(request: AnyRequest) -> Response[str]:
    house = await _house(request)
    page = SettingsPage(frame(request, "settings"), "house", FormState(_house_values(house), house.version))
    return drawn("office/settings.html", page)


@post("/settings", opt=MAY)
async def save_house(request: AnyRequest) -> Response[Any]:
    return await _save(request, "house", _read_house)


@get("/settings/selling", opt=MAY)
async def show_selling(request: AnyRequest) -> Response[str]:
    house = await _house(request)
    state = FormState(_selling_values(house), house.version)
    return drawn("office/settings_selling.html", SettingsPage(frame(request, "settings"), "selling", state))


@post("/settings/selling", opt=MAY)
async def save_selling(request: AnyRequest) -> Response[Any]:
    return await _save(request, "selling", _read_selling)


@get("/settings/look", opt=MAY)
async def show_look(
    request: AnyRequest,
    primary: FromQuery[str | None] = None,
    secondary: FromQuery[str | None] = None,
) -> Response[str]:
    """Logo and colours; with colours in the address the page shows itself in them, and nothing is kept."""
    house = await _house(request)
    values = _look_values(house)
    tried = {"primaryColor": primary or "", "secondaryColor": secondary or ""}
    state = FormState(values | {name: color for name, color in tried.items() if color}, house.version)
    return drawn(
        "office/settings_look.html", LookPage(frame(request, "settings"), "look", state, logo=house.logo)
    )


@post("/settings/look", opt=MAY)
async def save_look(request: AnyRequest) -> Response[Any]:
    return await _save(request, "look", _read_look)


@post("/settings/logo", opt=MAY, request_max_body_size=UPLOAD_BYTES_MAX + 64 * 1024)
async def save_logo(request: AnyRequest) -> Response[Any]:
    """Put an upload in the place of the logo, or take the logo away."""
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        address = None if form.text("remove") else await _kept_logo(request, form)
        async with database.write(here.shop.id) as tx:
            await edit_organization(tx, lambda standing: replace(standing, logo=address), actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        return await _again(request, "look", form, refused)
    return Redirect("/office/settings/look?done=saved", status_code=303)


async def _kept_logo(request: AnyRequest, form: Form) -> str:
    upload = form.file("logo")
    if upload is None:
        raise Invalid("Choose a picture first: a PNG, JPEG or WebP file.", field="logo")
    house = workshop(request)
    kept = await keep_image(
        house.database, house.files, await upload.read(), actor=staff(request).actor, use=Use.LOGO, field="logo"
    )  # fmt: skip
    return kept.address


async def _house(request: AnyRequest) -> OrganizationStaff:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await organization_for_staff(tx)


async def _save(request: AnyRequest, key: str, read: Reader) -> Response[Any]:
    """Keep one page of settings; what was refused comes back as it was typed."""
    here, form = staff(request), await sent(request)
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            change = read(form)
            require_read(form)
            await edit_organization(
                tx, lambda standing: _revised(standing, change), actor=here.actor, version=form.number("version", 0)
            )  # fmt: skip
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        return await _again(request, key, form, refused)
    path = "/office/settings" if key == "house" else f"/office/settings/{key}"
    return Redirect(f"{path}?done=saved", status_code=303)


def _revised(standing: SettingsDraft, change: Change) -> SettingsDraft:
    return replace(standing, **change)


async def _again(request: AnyRequest, key: str, form: Form, refused: FoyerError) -> Response[str]:
    house = await _house(request)
    values = {"house": _house_values, "selling": _selling_values, "look": _look_values}[key](house)
    switches = dict.fromkeys(SWITCHES, "") if key == "selling" else {}
    state = returned(values | switches, house.version, form, refused)
    changed, around = isinstance(refused, PreconditionFailed), frame(request, "settings")
    if key == "look":
        look = LookPage(around, key, state, changed, logo=house.logo)
        return drawn("office/settings_look.html", look, status=refused.status)
    template = "office/settings.html" if key == "house" else "office/settings_selling.html"
    return drawn(template, SettingsPage(around, key, state, changed), status=refused.status)


def _read_house(form: Form) -> Change:
    change: Change = {attribute: form.maybe(name) for name, attribute in HOUSE_TEXTS.items()}
    lines = {attribute: form.text(f"address.{name}").strip() for name, attribute in LINES.items()}
    return change | {
        "name": form.text("name"),
        "slug": form.text("slug"),
        "email": form.text("email"),
        "time_zone": form.text("timeZone"),
        "language": form.choice("language", ("en", "de"), "en"),
        "address": OrganizationAddress(**lines) if any(lines.values()) else None,
    }


def _read_selling(form: Form) -> Change:
    currency = form.text("defaultCurrency")
    change: Change = {attribute: form.maybe(name) for name, attribute in SELLING_TEXTS.items()}
    change |= {attribute: form.flag(name) for name, attribute in SWITCHES.items()}
    fixed = form.money("serviceFeeFixed", currency) if len(currency) == len("EUR") else None
    return change | {
        "default_currency": currency,
        "service_fee_percentage": form.percent("serviceFeePercentage") or 0,
        "service_fee_fixed": fixed or 0,
    }


def _read_look(form: Form) -> Change:
    return {"primary_color": form.maybe("primaryColor"), "secondary_color": form.maybe("secondaryColor")}


def _house_values(house: OrganizationStaff) -> dict[str, str]:
    texts = {name: getattr(house, attribute) or "" for name, attribute in HOUSE_TEXTS.items()}
    lines = {
        f"address.{name}": (getattr(house.address, attribute) or "") if house.address else ""
        for name, attribute in LINES.items()
    }
    return texts | lines


def _selling_values(house: OrganizationStaff) -> dict[str, str]:
    texts = {name: getattr(house, attribute) or "" for name, attribute in SELLING_TEXTS.items()}
    switches = {name: "on" if getattr(house, attribute) else "" for name, attribute in SWITCHES.items()}
    return texts | switches | {
        "defaultCurrency": house.default_currency,
        "serviceFeePercentage": percent_text(house.service_fee_percentage or None),
        "serviceFeeFixed": money_text(house.service_fee_fixed or None, house.default_currency),
    }  # fmt: skip


def _look_values(house: OrganizationStaff) -> dict[str, str]:
    return {
        "primaryColor": house.primary_color or DEFAULT_PRIMARY,
        "secondaryColor": house.secondary_color or DEFAULT_SECONDARY,
    }


ROUTES: list[BaseRouteHandler] = [
    show_house, save_house, show_selling, save_selling, show_look, save_look, save_logo,
]  # fmt: skip
