"""Pages of the office: orders."""

from litestar.handlers import BaseRouteHandler

from foyer.web.office.orders import acts, detail, listing, refunds

ROUTES: list[BaseRouteHandler] = [*listing.ROUTES, *detail.ROUTES, *acts.ROUTES, *refunds.ROUTES]
