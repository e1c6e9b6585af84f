"""A form on a page of the office: what stands in its fields, what is wrong with them, what somebody else wrote meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foyer.kernel.errors import Finding


@dataclass(frozen=True, slots=True)
class FormState:
    """Values by the names of the fields; `stored` holds those that differ in the database where two people edit at once."""

    values: Mapping[str, str]
    version: int = 0
    findings: Sequence[Finding] = ()
    stored: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def many(self, name: str) -> Sequence[str]:
        return self.lists.get(name, ())

    def finding(self, name: str) -> Finding | None:
        """What is wrong with a field, or with one of the values it lists."""
        return next((one for one in self.findings if _base(one.field) == name), None)

    def help(self, name: str, words: str = "") -> str:
        """What stands below a field: its own words, and what is stored of it where that is something else."""
        if name not in self.stored:
            return words
        return f"{words} Stored now: {self.stored[name] or 'nothing'}.".strip()

    def is_first(self, name: str) -> bool:
        """Whether this is the first field to be looked at again."""
        return bool(self.findings) and self.findings[0].field != "" and _base(self.findings[0].field) == name

    def elsewhere(self, names: Sequence[str]) -> list[Finding]:
        """Findings that no field of this form stands for."""
        return [one for one in self.findings if _base(one.field) not in names]


def differing(typed: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """What is stored of the fields that were typed otherwise."""
    return {
        name: stored[name] for name in typed if name in stored and typed[name].strip() != stored[name].strip()
    }


def _base(name: str) -> str:
    return name.partition("[")[0]


__all__ = ["FormState", "differing"]
