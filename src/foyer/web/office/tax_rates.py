"""Pages of the office: tax rates."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.events import create_tax_rate, delete_tax_rate, edit_tax_rate, tax_rate, tax_rates
from foyer.domains.events.types import TaxRate, TaxRateDraft
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.kernel.paging import PAGE_MAX
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, is_answerable, percent_text, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.form import FormState
from foyer.web.office.pages.tax_rates import TaxRatePage, TaxRatesPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks


@get("/tax-rates", opt=declares(permission("events:view")))
async def list_rates(request: AnyRequest) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        page = await tax_rates(tx, cursor=None, limit=PAGE_MAX)
    return drawn("office/tax_rates.html", TaxRatesPage(frame(request, "tax-rates"), page.items))


@get("/tax-rates/new", opt=declares(permission("events:edit")), sync_to_thread=False)
def new_rate(request: AnyRequest) -> Response[str]:
    state = FormState({"inclusive": "yes"})
    return drawn("office/tax_rate.html", TaxRatePage(frame(request, "tax-rates"), state))


@post("/tax-rates/new", opt=declares(permission("events:edit")))
async def add_rate(request: AnyRequest) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            await create_tax_rate(tx, draft, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        page = TaxRatePage(frame(request, "tax-rates"), returned({}, 0, form, refused))
        return drawn("office/tax_rate.html", page, status=refused.status)
    return Redirect("/office/tax-rates?done=created", status_code=303)


@get("/tax-rates/{tax_rate_id:uuid}", opt=declares(permission("events:view")))
async def show_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> Response[str]:
    rate = await _rate(request, tax_rate_id)
    page = TaxRatePage(frame(request, "tax-rates"), FormState(_values(rate), rate.version), rate)
    return drawn("office/tax_rate.html", page)


@post("/tax-rates/{tax_rate_id:uuid}", opt=declares(permission("events:edit")))
async def save_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            version = form.number("version", 0)
            await edit_tax_rate(tx, tax_rate_id, lambda _: draft, actor=here.actor, version=version)
    except FoyerError as refused:
        return await _again(request, tax_rate_id, form, refused)
    return Redirect("/office/tax-rates?done=saved", status_code=303)


@post("/tax-rates/{tax_rate_id:uuid}/deletion", opt=declares(permission("events:edit")))
async def remove_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> Response[Any]:
    here = staff(request)
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            await delete_tax_rate(tx, tax_rate_id, actor=here.actor)
    except FoyerError as refused:
        return await _again(request, tax_rate_id, None, refused)
    return Redirect("/office/tax-rates?done=deleted", status_code=303)


async def _again(
    request: AnyRequest, tax_rate_id: UUID, form: Form | None, refused: FoyerError
) -> Response[str]:
    """The rate's page with the refusal on it."""
    if not is_answerable(refused):
        raise refused
    rate = await _rate(request, tax_rate_id)
    state = returned(_values(rate), rate.version, form, refused)
    changed = isinstance(refused, PreconditionFailed)
    page = TaxRatePage(frame(request, "tax-rates"), state, rate, changed)
    return drawn("office/tax_rate.html", page, status=refused.status)


async def _rate(request: AnyRequest, tax_rate_id: UUID) -> TaxRate:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await tax_rate(tx, tax_rate_id)


def _read(form: Form) -> TaxRateDraft:
    percentage = form.percent("ratePercentage")
    if percentage is None and not form.findings:
        form.wrong("ratePercentage", "Say the rate, like 19.")
    return TaxRateDraft(
        name=form.text("name"),
        rate_percentage=percentage or 0,
        inclusive=form.choice("inclusive", ("yes", "no"), "yes") == "yes",
        country=form.maybe("country"),
    )


def _values(rate: TaxRate) -> dict[str, str]:
    return {
        "name": rate.name,
        "ratePercentage": percent_text(rate.rate_percentage),
        "inclusive": "yes" if rate.inclusive else "no",
        "country": rate.country or "",
    }


ROUTES: list[BaseRouteHandler] = [list_rates, new_rate, add_rate, show_rate, save_rate, remove_rate]
