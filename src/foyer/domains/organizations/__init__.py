"""Tenants, their slugs and settings."""

from foyer.domains.organizations.actions import create_organization
from foyer.domains.organizations.queries import organization_by_slug, public_shop, shop

__all__ = ["create_organization", "organization_by_slug", "public_shop", "shop"]
