"""Pages of the office: the search over everything."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
