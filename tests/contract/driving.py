"""Drives every route of a document through an application in this process, and tells what the document did not say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import schemathesis
from schemathesis import AuthContext, Case, HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.openapi.checks import AuthScenario, IgnoredAuth
from schemathesis.schemas import BaseSchema

SEED: Final = 20_270_611
MAY_REFUSE: Final = ["2xx", "304", "401", "403", "404", "409", "410", "412", "422", "429"]
"""What may come of data that the schema allows: done, nothing new since, or a refusal that only rules, rows or earlier tries can know. Never 400, never 5xx."""
MUST_REFUSE: Final = ["400", "401", "403", "404", "405", "409", "410", "412", "413", "422", "429"]
Credential = Callable[[Case], str | None]
"""The secret to send with a request; None to send none."""
Furnish = Callable[[Case], Case]


@dataclass
class Told:
    """What a run has found, and how often each route gave each status."""

    findings: list[str] = field(default_factory=list)
    requests: int = 0
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)

    @property
    def unreached(self) -> list[str]:
        """Routes that never did what they are for."""
        return sorted(
            f"{label}: {counted}"
            for label, counted in self.statuses.items()
            if not any(200 <= status < 300 or status == 303 for status in counted)
        )


def configured(*phases: str, examples: int, mode: str = "positive", steps: int = 6) -> SchemathesisConfig:
    """The same requests each time: seeded, derandomized, nothing remembered between runs.

    Args:
        phases: of `examples`, `coverage`, `fuzzing`, `stateful`.
        examples: how many requests of each kind are made up for a route.
        mode: `positive` for what the schema allows, `negative` for what it does not. Both in one run are slow: a route that takes
            nothing but words has nothing negative, and the search for it goes on for half a minute.
        steps: how long a chain of requests may become.
    """
    return SchemathesisConfig.from_dict({
        "seed": SEED,
        "cache": {"enabled": False},
        "continue-on-failure": True,
        "suppress-health-check": ["all"],
        "generation": {
            "max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none", "mode": mode,
        },
        "phases": {
            **{name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing")},
            "stateful": {"enabled": "stateful" in phases, "max-steps": steps},
        },
        "checks": {
            "positive_data_acceptance": {"expected-statuses": MAY_REFUSE},
            "negative_data_rejection": {"expected-statuses": MUST_REFUSE},
        },
    })  # fmt: skip


def loaded(app: Any, config: SchemathesisConfig, credential: Credential, furnish: Furnish) -> BaseSchema:
    """The document that the application serves, with somebody to ask for it."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config)

    @schema.auth(refresh_interval=None)
    class Bearer:
        def get(self, case: Case, _context: AuthContext) -> str | None:
            return credential(case)

        def set(self, case: Case, data: str, _context: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    @schema.hook
    def map_case(context: HookContext, case: Case) -> Case:
        return furnish(case)

    @schema.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
        return not _is_hidden(failure, case)

    return schema


def _is_hidden(failure: Failure, case: Case) -> bool:
    """A holder's resource does not exist for whoever shows another token: 404 where others would say 401.

    And of the bytes of a file no schema says anything, so none is violated.
    """
    if isinstance(failure, AcceptedNegativeData):
        return case.media_type not in {None, "application/json"}
    return (
        isinstance(failure, IgnoredAuth)
        and failure.scenario is AuthScenario.INVALID_AUTH
        and "got `404 " in failure.message
        and {"holderToken": []} in case.operation.definition.raw["security"]
    )


def driven(schema: BaseSchema) -> Told:
    """Run every phase that is configured; each kind of finding of a route is told once."""
    told = Told(statuses={operation.ok().label: {} for operation in schema.get_all_operations()})
    found: dict[tuple[str, ...], str] = {}
    for event in from_schema(schema).execute():
        match event:
            case events.NonFatalError():
                found.setdefault((event.label, event.info.title), f"{event.label}: {event.info}")
            case events.ScenarioFinished():
                _count(told, event)
                _collect(found, event)
            case events.EngineFinished():
                assert event.stop_reason == "completed", event.stop_reason
    told.findings = list(found.values())
    return told


def _count(told: Told, event: events.ScenarioFinished) -> None:
    for case_id, interaction in event.recorder.interactions.items():
        case, answer = event.recorder.cases[case_id].value, interaction.response
        if answer is not None:
            told.requests += 1
            counted = told.statuses.setdefault(case.operation.label, {})
            counted[answer.status_code] = counted.get(answer.status_code, 0) + 1


def _collect(found: dict[tuple[str, ...], str], event: events.ScenarioFinished) -> None:
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.status is Status.SUCCESS:
                continue
            label = event.recorder.cases[case_id].value.operation.label
            if check.failure_info is None:
                found.setdefault((label, check.name), f"{label}: {check.name} broke")
                continue
            failure, answer = check.failure_info.failure, event.recorder.find_response(case_id=case_id)
            told = f"{answer.status_code} {answer.text[:500]}" if answer is not None else "no answer"
            found.setdefault(
                (label, check.name, failure.title),
                f"{label}, {event.phase.value}: {failure.title}\n{failure.message}\n{check.failure_info.code_sample}\n{told}",
            )
