"""One dataclass for each page of the entrance: handlers fill it, templates read nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from foyer.kernel.errors import Finding
from foyer.web.shared.pages.findings import finding_for


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form; `form` is what was typed so far by field name, which a password never is."""

    title: str
    form: dict[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    notice: str = ""

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)

    def typed(self, name: str) -> str:
        return self.form.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpPage(FormPage):
    base: str
    """What stands before the shop's own part of its address."""
    currencies: Sequence[tuple[str, str]]
    is_free: bool = False
    """Whether the shop's address was looked up, and nobody has it."""

    @property
    def labels(self) -> dict[str, str]:
        return {
            "organization": "Organization",
            "slug": "Address of the shop",
            "currency": "Currency",
            "name": "Your name",
            "email": "Email",
            "password": "Password",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(FormPage):
    can_sign_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """At which of their houses somebody wants to work: `(id, name)` of each."""

    houses: Sequence[tuple[str, str]]
    title: str = "Where do you want to work?"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(FormPage):
    """What a link from a mail leads to: one button, perhaps one field."""

    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPage:
    """A page that says one thing and leads on."""

    title: str
    detail: str
    icon: str = "check"
    kind: str = "good"
    action: str = ""
    href: str = ""
