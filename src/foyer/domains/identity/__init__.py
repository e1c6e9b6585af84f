"""Staff, API keys and door devices."""

from foyer.domains.identity.actions import add_user, issue_api_key, issue_device, revoke_device
from foyer.domains.identity.queries import actor_behind, serves_all_events

__all__ = ["actor_behind", "add_user", "issue_api_key", "issue_device", "revoke_device", "serves_all_events"]
