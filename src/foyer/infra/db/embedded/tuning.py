"""The settings Foyer gives its own PostgreSQL: on the command line, so that nobody edits a file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from foyer.infra.db.embedded.cluster import PORT, Cluster

Durability = Literal["production", "test"]

_MEGABYTE = 1024 * 1024
_SHARED_MEGABYTES_MIN, _SHARED_MEGABYTES_MAX = 32, 2048
_SHARED_MEGABYTES_TEST = 256
_CONTAINER_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def server_settings(cluster: Cluster, durability: Durability, extra: Mapping[str, str]) -> dict[str, str]:
    """All settings by name; `extra` has the last word, except on where the server listens."""
    is_test = durability == "test"
    quarter = memory_bytes() // 4 // _MEGABYTE
    ceiling = _SHARED_MEGABYTES_TEST if is_test else _SHARED_MEGABYTES_MAX
    settings = {
        "shared_buffers": f"{max(_SHARED_MEGABYTES_MIN, min(quarter, ceiling))}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "max_connections": "200",
        "autovacuum_naptime": "15s",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if is_test:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings | dict(extra) | {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.socket),
        "unix_socket_permissions": "0700",
    }  # fmt: skip


def memory_bytes() -> int:
    """What this machine has, or what its container may use when that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [_limit(Path(path)) for path in _CONTAINER_LIMITS]
    return min(total, *(limit for limit in limits if limit), total)


def _limit(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None  # "max" is no limit
