"""How an organization begins."""

from foyer.domains.onboarding.actions import require_complete, sign_up

__all__ = ["require_complete", "sign_up"]
