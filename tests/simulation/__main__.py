"""Long lives: `python -m tests.simulation --seeds 100 --steps 1000`; the first one that breaks is told with how to see it again."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from foyer.infra.telemetry import set_up_log
from tests.simulation.life import LifeError, live
from tests.support.cluster import migrated_cluster


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="so many lives")
    parser.add_argument("--first", type=int, default=1, help="the seed of the first one")
    parser.add_argument("--steps", type=int, default=500, help="so many steps in each")
    parser.add_argument("--trace", action="store_true", help="print what was done")
    parser.add_argument("--stop", action="store_true", help="end with the first life that breaks")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, migrated_cluster() as cluster:
        set_up_log(str(Path(directory) / "simulation.log"))
        broken = 0
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            started = time.monotonic()
            try:
                trace = asyncio.run(live(cluster.superuser_url, seed, chosen.steps))
            except LifeError as wrong:
                print(wrong)
                broken += 1
                if chosen.stop:
                    break
                continue
            if chosen.trace:
                print(*trace, sep="\n")
            print(f"seed {seed}: {chosen.steps} steps in {time.monotonic() - started:.0f} s", flush=True)
    print(f"{broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
