"""A stranger becomes an organizer."""

from typing import Final

from foyer.domains.identity import add_user, ask_for_confirmation, begin_session, staff_findings
from foyer.domains.identity.types import UserDraft, Visit
from foyer.domains.onboarding.types import SignedUp, SignUp
from foyer.domains.organizations import create_organization, organization_findings
from foyer.domains.organizations.types import OrganizationDraft
from foyer.domains.tickets import create_signing_key
from foyer.infra.audit import record
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Finding, Invalid
from foyer.kernel.permissions import ALL

_ASKED_AS: Final = {"name": "organization", "defaultCurrency": "currency"}
"""Fields of an organization under the names that the form of a sign-up gives them."""


async def sign_up(tx: Tx, wanted: SignUp, *, password_hash: str, keyring: Keyring, visit: Visit) -> SignedUp:
    """Make the organization of this transaction with all that it needs: address, settings, keys, and an owner who is signed in.

    Nobody is told whether the owner's address is known elsewhere: one person may work for several organizations.

    Raises:
        Invalid: a field cannot be taken, or the organization's address belongs to somebody.
    """
    require_complete(wanted)
    organization_id = await create_organization(tx, _house(wanted))
    await create_signing_key(tx, keyring)
    draft = _owner(wanted)
    user_id = await add_user(tx, draft, is_confirmed=False, password_hash=password_hash)
    actor = Actor(ActorKind.USER, organization_id, user_id, user_id, draft.name, ALL)
    await ask_for_confirmation(tx, user_id, actor=actor)
    record(tx, actor, "organization.created", "organization", organization_id)
    return SignedUp(
        organization_id=organization_id,
        user_id=user_id,
        session=await begin_session(tx, user_id, visit=visit),
    )


def _house(sign_up: SignUp) -> OrganizationDraft:
    return OrganizationDraft(
        name=sign_up.organization,
        slug=sign_up.slug,
        email=sign_up.email,
        default_currency=sign_up.currency,
    )


def _owner(sign_up: SignUp) -> UserDraft:
    return UserDraft(name=sign_up.name, email=sign_up.email, password=sign_up.password, role="owner")


def require_complete(sign_up: SignUp) -> None:
    """Refuse what cannot be made, before anything costly is done about it.

    Raises:
        Invalid: every field that cannot be taken is named.
    """
    of_house = [_asked(one) for one in organization_findings(_house(sign_up)) if one.field != "email"]
    if found := [*of_house, *staff_findings(_owner(sign_up))]:
        raise Invalid.of(found)


def _asked(finding: Finding) -> Finding:
    return Finding(_ASKED_AS.get(finding.field, finding.field), finding.detail, finding.code)
