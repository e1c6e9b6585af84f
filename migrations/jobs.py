"""The queue of background jobs: PgQueuer's own tables, types and trigger, in a schema of their own.

Nothing here is ours but the grants. The version that made the statements stands in the first of them; whoever takes a newer
PgQueuer writes the baseline anew, and a test says so.
"""

import re
from collections.abc import Iterator

SCHEMA = "jobs"


def statements() -> Iterator[str]:
    """What PgQueuer would install, statement by statement, and what the application may do with it."""
    # Cold, because it is needed only to write the baseline or to compare with it.
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
    from pgqueuer.domain.settings import DBSettings

    environment = QueryBuilderEnvironment(DBSettings(db_schema=SCHEMA))
    yield from re.split(r";\n+(?=CREATE )", environment.build_install_query().rstrip(";\n"))
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO foyer_app"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO foyer_app"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO foyer_app"
