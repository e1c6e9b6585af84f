"""Tenants, their slugs and settings."""

from foyer.domains.organizations.actions import create_organization, edit_organization, keep_image
from foyer.domains.organizations.queries import (
    ShopWindow,
    fee_terms,
    free_slug,
    is_image,
    is_live,
    is_rehearsal,
    lets_tickets_change_hands,
    mail_terms,
    organization_by_slug,
    organization_for_staff,
    public_shop,
    seller,
    shop,
    shops_on_show,
    time_zone,
)
from foyer.domains.organizations.rules import organization_findings, slug_finding

__all__ = [
    "ShopWindow",
    "create_organization",
    "edit_organization",
    "fee_terms",
    "free_slug",
    "is_image",
    "is_live",
    "is_rehearsal",
    "keep_image",
    "lets_tickets_change_hands",
    "mail_terms",
    "organization_by_slug",
    "organization_findings",
    "organization_for_staff",
    "public_shop",
    "seller",
    "shop",
    "shops_on_show",
    "slug_finding",
    "time_zone",
]
