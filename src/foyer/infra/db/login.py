"""Who a login is."""

from typing import Final

PRIVILEGED: Final = """
SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid AND relkind = 'r')
       OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)
FROM pg_roles r WHERE rolname = current_user
"""
"""True for who could step over the tenant wall: a superuser, one that bypasses policies, an owner, a member of a role."""
