"""Pages of the office: customers."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
