"""Tables: plugins of the installation and their versions; what an organization installed, allowed and keeps in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    table_args,
)

_EMPTY_LIST = text("'{}'")
_EMPTY_OBJECT = text("'{}'")


def _one_version() -> ForeignKeyConstraint:
    """The catalogue has one plugin for everybody: what an organization has points out of its wall, at a version."""
    return ForeignKeyConstraint(
        ["plugin_id", "version"], ["plugin_versions.plugin_id", "plugin_versions.version"]
    )


class PluginRow(Base, Dated):
    """A plugin that the operator offers: trusted code of the installation, or a bundle from the marketplace."""

    __tablename__ = "plugins"
    __table_args__: Any = table_args(
        Index("uq_plugins_name", "name", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("ix_plugins_category_status", "category", "status"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("kind IN ('trusted', 'marketplace')", name="kind"),
        CheckConstraint(
            "category IN ('payment', 'marketing', 'analytics', 'social', 'ticketing', 'layout', 'seating')",
            name="category",
        ),
        CheckConstraint("status IN ('active', 'deprecated', 'removed')", name="status"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-99)
    name: Mapped[str] = mapped_column(KeyText)
    kind: Mapped[str]
    category: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="active")
    deleted_at: Mapped[datetime | None]


class PluginVersionRow(Base):
    """One published version of a plugin; never changed."""

    __tablename__ = "plugin_versions"
    __table_args__: Any = table_args(
        ForeignKeyConstraint(["plugin_id"], ["plugins.id"]),
        UniqueConstraint("plugin_id", "version"),
        CheckConstraint(
            r"version ~ '^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$'",
            name="version",
        ),
        CheckConstraint("description <> ''", name="description"),
        CheckConstraint("octet_length(bundle_hash) = 32", name="bundle_hash"),
        # Trusted code is installed with the server and has no bundle.
        CheckConstraint("(bundle_url IS NULL) = (bundle_hash IS NULL)", name="bundle"),
        CheckConstraint("jsonb_typeof(admin_components) = 'object'", name="admin_components"),
        CheckConstraint("jsonb_typeof(storefront_components) = 'object'", name="storefront_components"),
        CheckConstraint("jsonb_typeof(configuration_schema) = 'object'", name="configuration_schema"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata"),
        info={"app_rights": "SELECT, INSERT"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plugin_id: Mapped[UUID]
    version: Mapped[str] = mapped_column(KeyText)
    description: Mapped[str]
    bundle_url: Mapped[str | None]
    bundle_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    extension_points: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY_LIST)
    admin_components: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    storefront_components: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    configuration_schema: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    required_permissions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_EMPTY_LIST)
    metadata_: Mapped[Json] = mapped_column("metadata", server_default=_EMPTY_OBJECT)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class InstalledPluginRow(Base, Tenant):
    """A plugin in one organization, at the version it was pinned to."""

    __tablename__ = "installed_plugins"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        _one_version(),
        reference("installed_by", "users"),
        UniqueConstraint("organization_id", "plugin_id"),
        Index("ix_installed_plugins_plugin_id_version", "plugin_id", "version"),
        index("installed_plugins", "installed_by"),
        CheckConstraint("jsonb_typeof(configuration) = 'object'", name="configuration"),
    )

    plugin_id: Mapped[UUID]
    version: Mapped[str] = mapped_column(KeyText)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    configuration: Mapped[Json] = mapped_column(server_default=_EMPTY_OBJECT)
    installed_by: Mapped[UUID]
    installed_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    updated_at: Mapped[datetime] = mapped_column(
        server_default=text("foyer_now()"), onupdate=func.foyer_now()
    )


class PluginConsentRow(Base, Tenant):
    """Which permissions a version of a plugin was given, and by whom; the newest one counts."""

    __tablename__ = "plugin_consents"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        _one_version(),
        reference("user_id", "users"),
        index("plugin_consents", "plugin_id", "id"),
        Index("ix_plugin_consents_plugin_id_version", "plugin_id", "version"),
        index("plugin_consents", "user_id"),
        info={"app_rights": "SELECT, INSERT"},
    )

    plugin_id: Mapped[UUID]
    version: Mapped[str] = mapped_column(KeyText)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    user_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class PluginStorageRow(Base, Dated):
    """What a plugin keeps for one organization, by a key of its own choice."""

    __tablename__ = "plugin_storage"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("installed_plugin_id", "installed_plugins"),
        CheckConstraint("length(key) BETWEEN 1 AND 255", name="key"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    installed_plugin_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KeyText, primary_key=True)
    value: Mapped[object] = mapped_column(JSONB)
