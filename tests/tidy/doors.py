"""Who may name what inside a domain: what import contracts cannot see, because it is about names and not only modules."""

import ast
from collections.abc import Iterator
from pathlib import PurePath

from tests.tidy.rule import Finding, Source, rule

CODE = ("src/foyer/*.py",)
FACES = ("src/foyer/api/*.py", "src/foyer/web/*.py")

OPEN_ROOMS = {"types", "facts", "errors"}
CLOSED_ROOMS = {
    "actions",
    "desk",
    "documents",
    "jobs",
    "ledger",
    "models",
    "providers",
    "queries",
    "reactions",
    "rules",
}
DOMAINS = ["foyer", "domains"]


@rule(
    "A domain is entered through its door: the package for functions; types, facts and errors for values.",
    where=CODE,
    good=[
        ("src/foyer/domains/carts/actions.py", "from foyer.domains.inventory import hold\n"),
        ("src/foyer/domains/carts/rules.py", "from foyer.domains.inventory.types import PoolId\n"),
        ("src/foyer/domains/carts/rules.py", "from foyer.domains.inventory import errors\n"),
        ("src/foyer/domains/carts/actions.py", "from foyer.domains.carts.models import Cart\n"),
        ("src/foyer/domains/carts/actions.py", "from . import models\nfrom .queries import cart\n"),
        ("src/foyer/api/v1/orders.py", "from foyer.domains import orders\n\nview = orders.order(tx)\n"),
    ],
    bad=[
        ("src/foyer/domains/carts/actions.py", "from foyer.domains.inventory.models import Pool\n"),
        ("src/foyer/domains/carts/actions.py", "from foyer.domains.inventory import models\n"),
        ("src/foyer/domains/carts/actions.py", "from ..inventory.queries import pool\n"),
        ("src/foyer/domains/checkout/actions/place.py", "import foyer.domains.orders.rules\n"),
        ("src/foyer/api/v1/orders.py", "from foyer.domains.orders.actions import cancel\n"),
        ("src/foyer/cli/demo.py", "from foyer.domains import orders\n\norders.models.Order()\n"),
    ],
)
def doors(source: Source) -> Iterator[Finding]:
    home = domain_of(list(PurePath(source.path).parts[1:]))
    packages = {}
    for line, module, bound in imports(source):
        domain = domain_of(module)
        if domain in {"", home}:
            continue
        room = module[3] if len(module) > 3 else ""
        if room in CLOSED_ROOMS or (room and len(module) > 4 and room not in OPEN_ROOMS):
            yield line, f"`{'.'.join(module)}` is behind the door of {domain}; ask `foyer.domains.{domain}`"
        elif not room:
            packages[bound] = domain
    for node in source.nodes(ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in packages and node.attr in CLOSED_ROOMS:
            yield (
                node.lineno,
                f"`{node.value.id}.{node.attr}` is behind the door of {packages[node.value.id]}",
            )


@rule(
    "A face parses, calls and renders: it knows neither SQL nor tables.",
    where=FACES,
    good=[("src/foyer/api/v1/orders.py", "from foyer.domains.orders import cancel\n")],
    bad=[
        ("src/foyer/api/v1/orders.py", "from sqlalchemy import select\n"),
        ("src/foyer/web/admin/orders.py", "import sqlalchemy.orm\n"),
        ("src/foyer/web/admin/orders.py", "from foyer.domains.orders.models import Order\n"),
        ("src/foyer/web/admin/orders.py", "import asyncpg\n"),
    ],
)
def blind_faces(source: Source) -> Iterator[Finding]:
    for line, module, _ in imports(source):
        if module[0] in {"sqlalchemy", "asyncpg"} or (module[0] == "foyer" and "models" in module):
            yield line, f"`{'.'.join(module)}`: a face asks a query or an action instead"


@rule(
    "Queries join by hand: objects that load other objects on their own are not used.",
    where=CODE,
    good=[("src/foyer/domains/orders/models.py", "total: Mapped[int] = mapped_column(BigInteger)\n")],
    bad=[
        ("src/foyer/domains/orders/models.py", "items = relationship('OrderItem')\n"),
        ("src/foyer/domains/orders/models.py", "items = orm.relationship('OrderItem')\n"),
    ],
)
def relationships(source: Source) -> Iterator[Finding]:
    for node in source.nodes(ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "relationship":
            yield node.lineno, "`relationship` hides a query; write the join"


def imports(source: Source) -> Iterator[tuple[int, list[str], str]]:
    """Line, dotted name in parts and bound name, one for each imported name, with leading dots resolved."""
    for node in source.nodes(ast.Import):
        for name in node.names:
            yield node.lineno, name.name.split("."), name.asname or name.name.split(".")[0]
    package = list(PurePath(source.path).parts[1:-1])
    for node in source.nodes(ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else []
        for name in node.names:
            module = [*above, *(node.module.split(".") if node.module else []), name.name]
            yield node.lineno, module, name.asname or name.name


def domain_of(module: list[str]) -> str:
    return module[2] if module[:2] == DOMAINS and len(module) > 2 else ""
