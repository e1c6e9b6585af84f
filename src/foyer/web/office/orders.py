"""Pages of the office: orders."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
