"""Values of onboarding."""

from uuid import UUID

from foyer.domains.identity.types import NewSession
from foyer.kernel.wire import Wire


class SignUp(Wire, frozen=True):
    """What a stranger says of the organization they make, and of themselves."""

    organization: str
    slug: str
    currency: str
    name: str
    email: str
    password: str


class SignedUp(Wire, frozen=True):
    """A new organization, with its owner signed in."""

    organization_id: UUID
    user_id: UUID
    session: NewSession
