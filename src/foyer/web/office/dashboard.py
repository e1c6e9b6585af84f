"""Pages of the office: the numbers of today."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
