"""The PostgreSQL that Foyer brings along: found, initialized, supervised, and reached through a private socket."""

from foyer.infra.db.embedded.address import Address, read_address
from foyer.infra.db.embedded.cluster import APP, DATABASE, OWNER, SUPERUSER, Cluster, locate
from foyer.infra.db.embedded.directories import Orphan, orphans
from foyer.infra.db.embedded.errors import AlreadySupervisedError, EmbeddedError
from foyer.infra.db.embedded.server import Server
from foyer.infra.db.embedded.temporary import temporary_cluster
from foyer.infra.db.embedded.tuning import Durability

__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "SUPERUSER",
    "Address",
    "AlreadySupervisedError",
    "Cluster",
    "Durability",
    "EmbeddedError",
    "Orphan",
    "Server",
    "locate",
    "orphans",
    "read_address",
    "temporary_cluster",
]
