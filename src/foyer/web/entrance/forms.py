"""What the forms of the entrance have in common."""

from typing import Final

from litestar import Response

from foyer.kernel.errors import Finding, FoyerError
from foyer.kernel.text import email_address, email_key
from foyer.settings import Settings
from foyer.web.shared.render import AnyRequest

Form = dict[str, str]

SECRET: Final = {"password", "current", "code"}
"""Fields that no page repeats."""


def shown(form: Form) -> Form:
    """What a refused form comes back with: everything but secrets."""
    return {key: value for key, value in form.items() if key not in SECRET}


def address_key(text: str) -> str:
    """By which tries at an address are counted: every spelling of it is the same one."""
    try:
        return email_key(email_address(text))
    except ValueError:
        return email_key(text.strip())


def findings_of(refused: FoyerError) -> tuple[Finding, ...]:
    """What is said on the form; what is not about the form has a page of its own.

    Raises:
        FoyerError: a fault, or nothing that typing could mend.
    """
    if refused.status >= 500 or refused.status == 404:
        raise refused
    return refused.as_findings()


def settings_of(request: AnyRequest) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def told(answer: Response[str], refused: FoyerError | None) -> Response[str]:
    """The answer of a refused form, with when to try again."""
    if refused is not None and refused.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(refused.retry_after_seconds)
    return answer
