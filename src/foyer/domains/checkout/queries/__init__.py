"""Reads over the whole of the buyer's flow: do its books agree."""

from foyer.domains.checkout.queries.audit import CHECKS, audit, counted

__all__ = ["CHECKS", "audit", "counted"]
