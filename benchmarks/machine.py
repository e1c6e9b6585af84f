"""What the machine is, and what its processes have used."""

import os
import platform
import resource
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LIBRARIES: Final = (
    "litestar",
    "msgspec",
    "uvicorn",
    "uvloop",
    "httptools",
    "asyncpg",
    "sqlalchemy",
    "jinja2",
)


class Machine(msgspec.Struct, frozen=True):
    """On what the figures were taken; without it they say little."""

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    load_before: float
    """Processes that wanted to run, mean of the last minute before anything was measured."""

    @classmethod
    def this(cls) -> "Machine":
        names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line]
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        return cls(
            names[0] if names else platform.machine(),
            os.cpu_count() or 1,
            round(memory, 1),
            platform.release(),
            os.getloadavg()[0],
        )


def versions(postgres: str) -> dict[str, str]:
    """What ran: Python, PostgreSQL, and the libraries that a request passes through."""
    return {
        "python": platform.python_version(),
        "postgres": postgres,
        **{name: version(name) for name in _LIBRARIES},
    }


def cpu_seconds(pid: int) -> float:
    """Processor time of a process since it started. Other load on the machine hardly touches it."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def family_cpu_seconds(pid: int) -> float:
    """Processor time of a process and all its children, those that have ended with it."""
    own = _stat(pid)
    ticks = sum(int(one) for one in own[11:15])
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                fields = _stat(int(path.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended, and stands with its parent from now on
            if int(fields[1]) == pid:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def client_cpu_seconds() -> float:
    """Processor time of load generators that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mb(pid: int) -> float:
    """Memory a process has now, in MB."""
    kib = next(line.split()[1] for line in _lines(f"/proc/{pid}/status") if line.startswith("VmRSS"))
    return int(kib) * 1024 / 1e6


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()
