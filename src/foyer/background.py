"""All that happens after a commit, in one list: who publishes has to know the reactions, who works has to know everything."""

from typing import Any, Final

from foyer.domains import notifications
from foyer.domains.checkout import REACTIONS as PAPERS
from foyer.domains.customers import CRON as CUSTOMERS_CRON
from foyer.domains.identity import CRON as IDENTITY_CRON
from foyer.domains.waiting import CRON as WAITING_CRON
from foyer.infra.forgetting import CRON as GROUND_CRON
from foyer.infra.forgetting_documents import REMOVE
from foyer.infra.jobs import Cron, Job
from foyer.infra.outbox import Reaction

REACTIONS: Final[tuple[Reaction[Any], ...]] = (*PAPERS, *notifications.REACTIONS)
JOBS: Final[tuple[Job[Any], ...]] = (*notifications.JOBS, REMOVE)
CRON: Final[tuple[Cron, ...]] = (
    *GROUND_CRON,
    *IDENTITY_CRON,
    *CUSTOMERS_CRON,
    *WAITING_CRON,
    *notifications.CRON,
)
