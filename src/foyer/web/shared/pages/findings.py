"""What is wrong with a form, by the name of the field it is about."""

from collections.abc import Sequence

from foyer.kernel.errors import Finding


def finding_for(findings: Sequence[Finding], name: str) -> Finding | None:
    return next((one for one in findings if one.field == name), None)
