"""SQL in the code names the tenant: the lint of the statement log, on what is written instead of on what was sent."""

import ast
import re
from collections.abc import Iterator

from tests.support.statements import lacks_tenant
from tests.tidy.rule import Finding, Source, rule

STATEMENT = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\s")


@rule(
    "A statement names the tenant for each table of a tenant it refers to.",
    where=("src/foyer/*.py",),
    but=("src/foyer/infra/db/tenancy.py",),  # what is looked up before the tenant is known
    good=[
        ("src/foyer/domains/carts/desk.py", "SQL = 'SELECT id FROM carts WHERE organization_id = $1'\n"),
        (
            "src/foyer/domains/carts/desk.py",
            "SQL = f'UPDATE {table} SET a = 1 WHERE organization_id = $1 AND {more}'\n",
        ),
        ("src/foyer/domains/carts/desk.py", "SQL = 'SELECT slot FROM unnest($1::int[]) AS wanted (slot)'\n"),
        ("src/foyer/infra/db/engine.py", "SQL = 'SELECT canary FROM installation'\n"),
        ("src/foyer/domains/carts/rules.py", '"""SELECT id FROM carts is what this replaces."""\n'),
    ],
    bad=[
        ("src/foyer/domains/carts/desk.py", "SQL = 'SELECT id FROM carts WHERE id = $1'\n"),
        ("src/foyer/domains/carts/desk.py", "SQL = '''\nUPDATE pools SET held = 0\nWHERE id = $1\n'''\n"),
        ("src/foyer/domains/carts/desk.py", "SQL = f'DELETE FROM cart_items WHERE cart_id = {slot}'\n"),
        (
            "src/foyer/domains/tickets/desk.py",
            "SQL = 'SELECT 1 FROM tickets t JOIN orders o ON o.id = t.order_id WHERE t.organization_id = $1'\n",
        ),
    ],
)
def tenantless(source: Source) -> Iterator[Finding]:
    for line, text in texts(source):
        if STATEMENT.match(text) and lacks_tenant(text):
            yield line, f"`{' '.join(text.split())[:60]}` does not name the tenant for each of its tables"


def texts(source: Source) -> Iterator[Finding]:
    """Strings as the database would get them, those with gaps included: what fills a gap is left out."""
    pieces: set[Finding] = set()
    for node in source.nodes(ast.JoinedStr):
        own = [(one.lineno, str(one.value)) for one in node.values if isinstance(one, ast.Constant)]
        pieces.update(own)
        yield node.lineno, " ".join(text for _, text in own)
    yield from (found for found in source.strings() if found not in pieces)
