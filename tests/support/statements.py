"""The statement lint: what the application sent during a run, read from the server's own log."""

import json
import re
from pathlib import Path

from foyer.infra.db.tenancy import tenant_column
from migrations.metadata import metadata

TENANT_TABLES = frozenset(
    table.name for table in metadata.sorted_tables if tenant_column(table) == "organization_id"
)
_REFERENCE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:public\.)?([a-z_]+)", re.IGNORECASE)
_TENANT = re.compile(r"\borganization_id\b")


def lacks_tenant(statement: str) -> bool:
    """Whether a statement refers to tables of a tenant more often than it names the tenant."""
    referred = [name for name in _REFERENCE.findall(statement) if name in TENANT_TABLES]
    return len(referred) > len(_TENANT.findall(statement))


def findings_in(directory: Path) -> list[str]:
    """Statements of the application that do not name the tenant for each table, each once."""
    found: dict[str, None] = {}
    for path in sorted(directory.glob("*.json")):
        # Only the line feed ends an entry; the statements in it may hold every other kind of line break.
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            entry = json.loads(line) if line else {}
            if entry.get("application_name") != "foyer":
                continue
            message = entry.get("message", "")
            _, _, statement = message.partition(": ")
            if lacks_tenant(statement):
                found[" ".join(statement.split())[:300]] = None
    return list(found)
