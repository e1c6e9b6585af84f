"""Pages of the office: check-in and the devices at the doors."""

from litestar.handlers import BaseRouteHandler

ROUTES: list[BaseRouteHandler] = []
