"""Runs the checks and tests, lane by lane: `python -m tests.lanes check | all | <lane> ...`.

Each lane is one command with a budget in seconds. It prints one line; what the command said is shown only when it fails.
A lane over its budget fails too, and shows its slowest tests, because a slow suite is one that nobody runs.

Two lanes run at a time, each in one process: while one starts its database, the other uses the machine. Lanes that measure time or
start many processes have the machine for themselves, and so has a lane that is asked for alone, which is split over two processes.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, perf_counter, sleep
from xml.etree import ElementTree as ET

from frontend import bundles, node

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / ".test-output"
BIN = Path(sys.executable).parent

REFERENCE_SECONDS = 0.06
"""What `slowness` measures on the two-core machine the budgets were set on."""
SLOWNESS_MAX = 3.0
AT_ONCE = 2
LOOK_SECONDS = 0.05
PATIENCE = 3
"""A lane is stopped after this many times its budget."""
GOODBYE_SECONDS = 20
"""How long a stopped lane may take to put its servers away."""
SHOWN_LINES = 200
SHOWN_CHARACTERS = 20_000
SLOWEST = 10


@dataclass(frozen=True)
class Lane:
    """One command, how long it may take, and what must be in place before its time counts."""

    name: str
    budget: float
    command: tuple[str, ...]
    tests: str | None = None
    """Directory of a pytest lane; the lane is left out while there is no such directory."""
    prepare: Callable[[], str | None] = lambda: None
    """Returns the sentence that says why the lane cannot run."""
    lacks: Callable[[], str | None] = lambda: None
    """Returns what is not here that the lane is about: then it is skipped, and never counts as passed."""
    is_alone: bool = False
    """Whether nothing else may run meanwhile."""
    alone_options: tuple[str, ...] = ()
    """What the command is given where it has the machine for itself."""

    @property
    def report(self) -> Path:
        return OUTPUT / f"{self.name}.xml"

    @property
    def log(self) -> Path:
        return OUTPUT / f"{self.name}.log"


@dataclass(frozen=True)
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {self.skipped} skipped" if self.skipped else line


@dataclass(frozen=True)
class Outcome:
    passed: bool
    totals: Totals


def installed(program: str) -> Callable[[], str | None]:
    """Puts a program on PATH where the system's packages, of which one has its name, can be installed."""

    def install() -> str | None:
        if shutil.which(program):
            return None
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return f"This lane needs `{program}` on PATH; install it and run the lane again."
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in ("update", f"install -y --no-install-recommends {program}"):
            done = subprocess.run(
                ["apt-get", "-q", *step.split()], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                return (
                    f"Installing {program} failed at `apt-get {step}`:\n{bounded(done.stdout + done.stderr)}"
                )
        return None

    return install


def compiled() -> str | None:
    """Have Python compile, once after an install, what all tests import: that is no test's time."""
    done = subprocess.run(
        [sys.executable, "-c", "import tests.conftest"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return f"The tests cannot be imported:\n{bounded(done.stderr)}" if done.returncode else None


def scripts_ready() -> str | None:
    """Have npm install, once, what checks the scripts: that is no check's time."""
    try:
        node.install(bundles.HERE, is_all=True)
    except node.NodeError as problem:
        return str(problem)
    return None


def pytest_lane(
    name: str,
    budget: float,
    *options: str,
    prepare: Callable[[], str | None] | None = None,
    is_alone: bool = False,
) -> Lane:
    """A directory of tests; one that `is_alone` runs with just these options, any other in two processes when it has the machine."""
    command = (
        sys.executable,
        "-m",
        "pytest",
        f"tests/{name}",
        "-q",
        f"--junitxml={OUTPUT / name}.xml",
        *options,
    )
    split = () if is_alone else TWO_WORKERS
    return Lane(
        name,
        budget,
        command,
        f"tests/{name}",
        prepare or (lambda: None),
        is_alone=is_alone,
        alone_options=split,
    )


TWO_WORKERS = ("-n", "2")
NO_HYPOTHESIS = ("-p", "no:hypothesispytest")
"""Its plugin imports all of it at the end of every run, used or not."""


def on_oldest_postgres(name: str, budget: float) -> Lane:
    """A lane once more, on the oldest PostgreSQL that Foyer runs on; without what takes long and asks nothing of its version."""
    left_out = [f"--ignore=tests/{name}/{file}" for file in ("test_plans.py", "test_installation.py")]
    lane = pytest_lane(name, budget, *NO_HYPOTHESIS, *left_out)
    command = [part.replace(f"{name}.xml", f"{name}-16.xml") for part in lane.command]
    return replace(lane, name=f"{name}-16", command=("env", "TEST_POSTGRES_MAJOR=16", *command))


def no_citus() -> str | None:
    return (
        None
        if os.environ.get("TEST_CITUS_URL")
        else "no TEST_CITUS_URL is set, so nothing was tried on Citus"
    )


def on_citus() -> Lane:
    """What speaks to the database most, on a Citus server of somebody's own; see docs/operate/scaling.md."""
    lane = pytest_lane("domains", 600, "tests/api", *NO_HYPOTHESIS, is_alone=True)
    left_out = [f"--ignore=tests/domains/{file}" for file in ("test_plans.py", "test_installation.py")]
    command = [part.replace("domains.xml", "citus.xml") for part in (*lane.command, *left_out)]
    return replace(lane, name="citus", command=tuple(command), lacks=no_citus)


CHECKS = (
    pytest_lane("tidy", 25, *NO_HYPOTHESIS, prepare=compiled),
    Lane("types", 60, (sys.executable, "-m", "mypy")),
    Lane("format", 8, (sys.executable, "-m", "ruff", "format", "--check", "--quiet", ".")),
    Lane("lint", 12, (sys.executable, "-m", "ruff", "check", ".")),
    Lane("imports", 15, (str(BIN / "lint-imports"),)),
    Lane("scripts", 10, (sys.executable, "-m", "frontend", "check"), prepare=scripts_ready),
)
TESTS = (
    pytest_lane("api", 310, *NO_HYPOTHESIS),
    pytest_lane("faults", 260, *NO_HYPOTHESIS),
    pytest_lane("scale", 150, *NO_HYPOTHESIS, prepare=installed("pgbouncer")),
    pytest_lane("domains", 160, *NO_HYPOTHESIS),
    pytest_lane("web", 230, *NO_HYPOTHESIS),
    pytest_lane("contract", 205, *NO_HYPOTHESIS),
    pytest_lane("simulation", 90, *NO_HYPOTHESIS),
    pytest_lane("mail", 70, *NO_HYPOTHESIS),
    on_oldest_postgres("domains", 110),
    pytest_lane("access", 50, *NO_HYPOTHESIS),
    pytest_lane("properties", 50),
    pytest_lane("rules", 45),
    pytest_lane("providers", 15, *NO_HYPOTHESIS),
    pytest_lane("races", 130, *NO_HYPOTHESIS, is_alone=True),
    pytest_lane("soak", 70, *NO_HYPOTHESIS, is_alone=True),
    pytest_lane("browser", 300, *NO_HYPOTHESIS, *TWO_WORKERS, prepare=installed("chromium"), is_alone=True),
    on_citus(),
)
"""The longest first, so that the last two of those that share the machine end at about the same time."""


def main(arguments: list[str]) -> int:
    groups = {"check": CHECKS, "all": (*CHECKS, *TESTS)} | {lane.name: (lane,) for lane in (*CHECKS, *TESTS)}
    if not arguments or not set(arguments) <= set(groups):
        print(f"usage: python -m tests.lanes <lane> ...; lanes are: {', '.join(groups)}", file=sys.stderr)
        return 2
    wanted = dict.fromkeys(lane for argument in arguments for lane in groups[argument])
    lanes = [lane for lane in wanted if lane.tests is None or (ROOT / lane.tests).is_dir()]
    if not lanes:
        print(
            f"there is nothing to run yet in {', '.join(str(lane.tests) for lane in wanted)}", file=sys.stderr
        )
        return 2
    if arguments == ["all"]:
        shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(exist_ok=True)
    if len(lanes) == 1:
        lanes = [replace(lanes[0], command=(*lanes[0].command, *lanes[0].alone_options))]
    outcomes = {lane.name: outcome for lane, outcome in attempts(lanes, slowness())}
    failed = [name for name, outcome in outcomes.items() if not outcome.passed]
    if failed:
        print(f"failed lanes: {', '.join(failed)}")
    print(sum((outcome.totals for outcome in outcomes.values()), Totals()))
    return 1 if failed else 0


def slowness() -> float:
    """How many times slower than the reference this machine is: a slower one gets larger budgets, in proportion."""

    def turn() -> float:
        started = perf_counter()
        sum(number * number for number in range(1_000_000))
        return perf_counter() - started

    return min(SLOWNESS_MAX, max(1.0, min(turn() for _ in range(3)) / REFERENCE_SECONDS))


@dataclass(frozen=True)
class Attempt:
    """A lane that runs."""

    lane: Lane
    budget: float
    started: float
    process: "subprocess.Popen[bytes]"

    @property
    def seconds(self) -> float:
        return monotonic() - self.started

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None or self.seconds > self.budget * PATIENCE


def attempts(lanes: list[Lane], factor: float) -> Iterator[tuple[Lane, Outcome]]:
    """Run the lanes, two at a time where they may, and print the line of each as it ends. Nothing they started outlives them."""
    obstacles = {lane.name: lane.prepare() for lane in lanes if not lane.lacks()}
    waiting, running = deque(lanes), list[Attempt]()
    try:
        while waiting or running:
            while waiting and has_room(waiting[0], running):
                lane = waiting.popleft()
                if missing := lane.lacks():
                    print(f"{lane.name:<12}SKIPPED: {missing}")
                    yield lane, Outcome(True, Totals(skipped=1))
                elif obstacle := obstacles[lane.name]:
                    print(f"{lane.name:<12}not run  FAILED\n{obstacle}")
                    yield lane, Outcome(False, Totals(failed=1))
                else:
                    running.append(start(lane, lane.budget * factor))
            for one in [one for one in running if one.has_ended]:
                running.remove(one)
                yield one.lane, conclude(one)
            sleep(LOOK_SECONDS)
    finally:
        for one in running:
            stop(one.process)


def has_room(lane: Lane, running: list[Attempt]) -> bool:
    alone = lane.is_alone or any(one.lane.is_alone for one in running)
    return not running if alone else len(running) < AT_ONCE


def start(lane: Lane, budget: float) -> Attempt:
    lane.report.unlink(missing_ok=True)
    with lane.log.open("wb") as log:
        process = subprocess.Popen(
            lane.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    return Attempt(lane, budget, monotonic(), process)


def conclude(one: Attempt) -> Outcome:
    """Print a lane's line, and what it said if it failed; stop it where it has not ended by itself."""
    lane, seconds, code = one.lane, one.seconds, one.process.poll()
    if code is None:
        stop(one.process)
    in_time = seconds <= one.budget
    verdict = "ok" if code == 0 and in_time else "FAILED"
    print(f"{lane.name:<12}{seconds:6.1f} s / {one.budget:3.0f} s  {verdict}")
    if code != 0:
        print(bounded(lane.log.read_text(encoding="utf-8", errors="replace")))
    if code is None:
        print(f"{lane.name} was stopped: it ran {PATIENCE} times as long as its budget.")
    if not in_time:
        print(f"{lane.name} is over its budget.", *slowest(lane), sep="\n  ")
    sys.stdout.flush()
    return Outcome(verdict == "ok", totals(lane, code) if lane.tests else Totals())


def stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupt, so that fixtures are torn down; kill what does not listen."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(GOODBYE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def totals(lane: Lane, code: int | None) -> Totals:
    """What the lane's report counts; a lane that broke without failing a test is one failure."""
    counted = Totals()
    for suite in ET.parse(lane.report).iter("testsuite") if lane.report.exists() else ():
        tests, failures, errors, skipped = (
            int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
        )
        counted += Totals(max(0, tests - failures - errors - skipped), failures + errors, skipped)
    return counted if code == 0 or counted.failed else counted + Totals(failed=1)


def slowest(lane: Lane) -> Iterator[str]:
    if not lane.report.exists():
        return
    cases = sorted(ET.parse(lane.report).iter("testcase"), key=lambda case: -float(case.get("time", 0)))
    for case in cases[:SLOWEST]:
        yield f"{float(case.get('time', 0)):6.2f} s  {case.get('classname')}::{case.get('name')}"


def bounded(text: str) -> str:
    """The end of a long text, where tools say what went wrong."""
    lines = text[-SHOWN_CHARACTERS:].splitlines()
    if len(lines) <= SHOWN_LINES and len(text) <= SHOWN_CHARACTERS:
        return text.rstrip()
    return "\n".join(["(the beginning is left out)", *lines[-SHOWN_LINES:]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
