"""What can go wrong with a provider."""

from foyer.kernel.errors import Unauthenticated


class ProviderUnavailable(Exception):
    """No answer came: it may have happened or not. Ask again with the same key."""


class ProviderRefused(Exception):
    """A definite no: nothing has happened and nothing will. The text is fit to be shown."""


class ForgedCallback(Unauthenticated):
    """A call that its provider has not signed, or that is too old to be believed."""
