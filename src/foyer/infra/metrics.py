"""What is counted while the product works, for Prometheus.

Every process of `foyer run` writes its figures into files of one directory, and the parent adds them up when it is asked. Where
no directory is named, nothing is counted and nothing is loaded.
"""

import os
from typing import Final

from foyer.infra.meter import Meter

DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the library knows where to write; it has to be set before it is loaded."""
meter: Meter = Meter()


def start() -> None:
    """Count from now on in this process, if its parent wants it."""
    global meter  # noqa: PLW0603 - one meter for the process, as there is one log
    if os.environ.get(DIRECTORY) and not meter.is_on:
        from foyer.infra.prometheus import PrometheusMeter  # costs memory and time to load

        meter = PrometheusMeter()
