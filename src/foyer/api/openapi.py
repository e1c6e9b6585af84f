"""The document from which a client can be generated."""

from litestar import Litestar, Router
from litestar.openapi.config import OpenAPIConfig

from foyer import __version__


def document(router: Router) -> dict[str, object]:
    """OpenAPI 3.1 of every route of a router.

    The framework would serve its own pages beside the document, open to everybody; so the serving application does not know of
    OpenAPI, and another one, which serves nothing, draws it.
    """
    config = OpenAPIConfig(title="Foyer", version=__version__)
    return Litestar([router], openapi_config=config, logging_config=None).openapi_schema.to_schema()
