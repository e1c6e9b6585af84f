"""One body for each shape that a request carries: readers of the document copy them, tests send them."""

from typing import Any, Final

EXAMPLES: Final[dict[Any, dict[str, Any]]] = {}
