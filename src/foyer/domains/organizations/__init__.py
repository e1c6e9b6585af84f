"""Tenants, their slugs and settings."""

from foyer.domains.organizations.actions import create_organization, edit_organization
from foyer.domains.organizations.queries import (
    ShopWindow,
    fee_terms,
    is_live,
    lets_tickets_change_hands,
    organization_by_slug,
    organization_for_staff,
    public_shop,
    seller,
    shop,
    time_zone,
)

__all__ = [
    "ShopWindow",
    "create_organization",
    "edit_organization",
    "fee_terms",
    "is_live",
    "lets_tickets_change_hands",
    "organization_by_slug",
    "organization_for_staff",
    "public_shop",
    "seller",
    "shop",
    "time_zone",
]
