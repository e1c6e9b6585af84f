"""The page of the tables in docs/operate, written from the tables: `python -m migrations.regenerate` writes both."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, Table, UniqueConstraint

from foyer.infra.db.base import Base
from foyer.infra.db.tenancy import tenant_column
from migrations.metadata import MODULES

PAGE: Final = Path(__file__).parent.parent / "docs" / "operate" / "schema.md"
_HEAD: Final = """\
# The tables

Written by `python -m migrations.regenerate` from the tables in the code; do not edit this page, edit them.

Nearly every table belongs to organizations: its key begins with `organization_id`, it references `organizations` unless it is one of
the ground's, and row-level security shows each organization its own rows only. The diagrams leave that reference out. A line that
begins with a circle is a key that may be empty. What the application may do is what its database role was granted; to delete there means
to remove the row, not to set its `deleted_at`.
"""
_QUEUE: Final = """\
## jobs

The queue of background jobs stands in a schema of its own. Its tables are [PgQueuer's](https://pgqueuer.readthedocs.io/), unchanged.
"""
_WORDS: Final = {"SELECT": "read", "INSERT": "add", "UPDATE": "change", "DELETE": "delete"}


def page() -> str:
    """The whole page: one chapter for each domain, lowest first."""
    return "\n".join([_HEAD, *("\n".join(_chapter(module)) for module in MODULES), _QUEUE])


def _chapter(module: ModuleType) -> Iterator[str]:
    package = module.__name__.removesuffix(".models")
    rows = [one.class_ for one in Base.registry.mappers if one.class_.__module__.startswith(module.__name__)]
    tables = sorted(((row.__table__, row.__doc__) for row in rows), key=lambda pair: pair[0].name)
    is_ground = not package.startswith("foyer.domains.")
    yield f"## {'infra' if is_ground else package.rpartition('.')[2]}\n"
    about = module.__doc__ if is_ground else sys.modules[package].__doc__
    yield f"{_sentence(about)}\n"
    yield "```mermaid\nerDiagram"
    for table, _ in tables:
        yield from _drawn(table)
    yield "```\n"
    yield "| table | of | a row is | the application may |\n|---|---|---|---|"
    for table, said in tables:
        whose = "an organization" if tenant_column(table) else "the installation"
        yield f"| `{table.name}` | {whose} | {_sentence(said)} | {_rights(table)} |"
    yield ""


def _sentence(text: str | None) -> str:
    assert text, "every table says in one sentence what a row of it is"
    return " ".join(text.strip().split("\n\n")[0].split())


def _drawn(table: Table) -> Iterator[str]:
    keys = [key for key in table.foreign_key_constraints if key.referred_table.name != "organizations"]
    if not keys:
        yield f"    {table.name}"
    for key in sorted(keys, key=lambda key: (key.referred_table.name, _pointing(key))):
        columns = {column.name for column in key.columns}
        one = "|o" if any(column.nullable for column in key.columns) else "||"
        many = "o|" if _is_unique(table, columns) else "o{"
        yield f"    {key.referred_table.name} {one}--{many} {table.name} : {_pointing(key)}"


def _pointing(key: ForeignKeyConstraint) -> str:
    """The column that says which row is meant; the others only say where."""
    names = [one.parent.name for one in key.elements]
    return next((name for name in names if name not in {"organization_id", "event_id"}), names[-1])


def _is_unique(table: Table, columns: set[str]) -> bool:
    """Whether at most one row points at the same one."""
    known = [set(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)]
    known += [_columns(one) for one in table.indexes if one.unique and _covers_all(one)]
    return any(names <= columns for names in [*known, set(table.primary_key.columns.keys())])


def _columns(one: Index) -> set[str]:
    return {str(getattr(part, "name", part)) for part in one.expressions}


def _covers_all(one: Index) -> bool:
    """Whether an index knows every row that points somewhere."""
    where = one.dialect_options["postgresql"]["where"]
    return where is None or str(where).endswith(" IS NOT NULL")


def _rights(table: Table) -> str:
    granted = table.info.get("app_rights", ", ".join(_WORDS)).split(", ")
    return ", ".join(_WORDS[right] for right in granted)
