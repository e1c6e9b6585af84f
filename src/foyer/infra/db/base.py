"""The ground that all tables stand on: naming, columns every tenant row has, composite keys."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, MetaData, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

KeyText = Text(collation="C")
"""Text that is a key: compared byte by byte, so that no locale changes what is equal or first."""

Json = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        UUID: Uuid(),
        str: Text(),
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        Json: JSONB(none_as_null=True),
    }

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy's declared attributes take the class
        """What the database fills in comes back with the statement; a row that has a version is written by it."""
        table = cast("type[Any]", cls)
        versioned = {"version_id_col": table.version} if issubclass(table, Versioned) else {}
        return {"eager_defaults": True, **versioned}


class Tenant:
    """Columns of a row that belongs to one organization; key `(organization_id, id)`."""

    organization_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-100)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)


class Dated:
    """When a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"), sort_order=100)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=text("foyer_now()"), onupdate=func.foyer_now(), sort_order=101
    )


class Versioned:
    """A counter that `ETag` and `If-Match` carry; raised by every write of the row."""

    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=99)


def belongs_to_organization() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organization_id"], ["organizations.id"])


def reference(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A key into another table of the same organization: it cannot point into another tenant."""
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


def reference_in_event(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A key into another table of the same event: a row cannot mix events."""
    return ForeignKeyConstraint(
        ["organization_id", "event_id", column],
        [f"{table}.organization_id", f"{table}.event_id", f"{table}.id"],
        ondelete=ondelete,
    )


def index(
    table: str, *columns: str, where: str | None = None, unique: bool = False, name: str | None = None
) -> Index:
    """An index within the tenant; `organization_id` is put in front."""
    kind = "uq" if unique else "ix"
    return Index(
        name or f"{kind}_{table}_{'_'.join(columns)}",
        "organization_id",
        *(text(column) if "(" in column else column for column in columns),
        unique=unique,
        postgresql_where=text(where) if where else None,
    )


def table_args(*items: SchemaItem, **options: Any) -> tuple[SchemaItem | dict[str, Any], ...]:
    return (*items, options)
