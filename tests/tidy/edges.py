"""Things that have one place: ending a transaction, reading the clock, making randomness, opening the migration's door."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.rule import Finding, Source, line_of, rule

CODE = ("src/foyer/*.py",)
SQL_AND_CODE = ("src/foyer/*.py", "src/foyer/*.sql")
INFRA = ("src/foyer/infra/*",)

ENDING = {"commit", "rollback"}
ENDING_SQL = re.compile(r"^\s*(?:COMMIT|ROLLBACK)\b\s*;?\s*$")

CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("func", "now"),
          ("func", "clock_timestamp"), ("time", "time"), ("time", "time_ns")}  # fmt: skip
CLOCK_SQL = re.compile(
    r"(?<![\w.])(?:(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)"
    r"|(?:CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP)\b)"
)

DICE_SQL = re.compile(r"(?<![\w.])(?:gen_random_uuid|random|uuidv4|uuidv7)\(\)")
DICE = {"uuid1", "uuid4"}

MIGRATION = re.compile(r"app\.migration")
MIGRATION_READ = re.compile(r"current_setting\(\s*'app\.migration'")

MACHINE = re.compile(
    r"(?<![\w.\-~])/(?:root|home|Users|work|farm)/"
    r"|(?:index-url|find-links)[ =]"
    r'|registry\s*=\s*"?https?:'
    r'|"resolved":\s*"https?:'
    r"|https?://[^\s\"'>]*(?:/simple\b|pypi|pythonhosted|npmjs)"
)


@rule(
    "One edge ends transactions: nobody else commits or rolls back.",
    where=CODE,
    but=("src/foyer/infra/db/*", "src/foyer/infra/batching/*"),
    good=[
        ("src/foyer/infra/db/tx.py", "await session.commit()\n"),
        (
            "src/foyer/domains/orders/actions.py",
            '"""Nothing here says COMMIT."""\nawait tx.execute(statement)\n',
        ),
    ],
    bad=[
        ("src/foyer/domains/orders/actions.py", "await tx.commit()\n"),
        ("src/foyer/api/v1/orders.py", "end = session.rollback\n"),
        ("src/foyer/worker.py", "await connection.execute('COMMIT')\n"),
    ],
)
def endings(source: Source) -> Iterator[Finding]:
    for node in source.nodes(ast.Attribute):
        if node.attr in ENDING:
            yield node.lineno, f"`.{node.attr}` belongs to infra/db, which opens and closes every transaction"
    for line, text in source.strings():
        if ENDING_SQL.match(text):
            yield line, f"`{text.strip()}` belongs to infra/db, which opens and closes every transaction"


@rule(
    "One clock: Python asks tx.now(), SQL asks foyer_now().",
    where=SQL_AND_CODE,
    but=(*INFRA, "src/foyer/kernel/ids.py"),  # a UUIDv7 begins with the machine's own time
    good=[
        ("src/foyer/domains/carts/desk.py", "moment = tx.now()\nSQL = 'WHERE expires_at <= foyer_now()'\n"),
        ("src/foyer/infra/db/tx.py", "moment = datetime.now(UTC)\n"),
        ("src/foyer/worker.py", "started = time.monotonic()\n"),
    ],
    bad=[
        ("src/foyer/domains/carts/rules.py", "moment = datetime.now(UTC)\n"),
        ("src/foyer/domains/carts/rules.py", "moment = datetime.datetime.utcnow()\n"),
        ("src/foyer/web/storefront/events.py", "day = date.today()\n"),
        ("src/foyer/domains/carts/queries.py", "query = select(func.now())\n"),
        ("src/foyer/domains/carts/desk.py", "SQL = 'WHERE expires_at <= now()'\n"),
        ("src/foyer/domains/carts/sweep.sql", "DELETE FROM carts WHERE expires_at < CURRENT_TIMESTAMP;\n"),
    ],
)
def clocks(source: Source) -> Iterator[Finding]:
    mend = "the time comes from tx.now() or foyer_now()"
    if source.path.endswith(".sql"):
        yield from ((line_of(source.text, hit.start()), mend) for hit in CLOCK_SQL.finditer(source.text))
        return
    for node in source.nodes(ast.Attribute):
        if (last_name(node.value), node.attr) in CLOCKS:
            yield node.lineno, f"`{last_name(node.value)}.{node.attr}`: {mend}"
    for line, text in source.strings():
        hit = CLOCK_SQL.search(text)
        if hit:
            yield line, f"`{hit[0]}` in SQL: {mend}"


def last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@rule(
    "Ids and dice come from the kernel or from infra, where tests can choose them.",
    where=SQL_AND_CODE,
    but=(*INFRA, "src/foyer/kernel/*"),
    good=[
        ("src/foyer/kernel/ids.py", "from uuid import uuid4\n"),
        ("src/foyer/domains/orders/actions.py", "from uuid import UUID\n\nnumber = tx.random_number()\n"),
    ],
    bad=[
        ("src/foyer/domains/orders/actions.py", "import random\n"),
        ("src/foyer/domains/orders/actions.py", "from random import choice\n"),
        ("src/foyer/domains/orders/actions.py", "from uuid import uuid4\n"),
        ("src/foyer/domains/orders/actions.py", "import uuid\n\nkey = uuid.uuid4()\n"),
        ("src/foyer/domains/orders/models.py", "default = 'gen_random_uuid()'\n"),
    ],
)
def dice(source: Source) -> Iterator[Finding]:
    mend = "ids and randomness are made in kernel or infra"
    if source.path.endswith(".sql"):
        yield from ((line_of(source.text, hit.start()), mend) for hit in DICE_SQL.finditer(source.text))
        return
    for node in source.nodes(ast.Import):
        if any(name.name == "random" for name in node.names):
            yield node.lineno, f"`random`: {mend}"
    for node in source.nodes(ast.ImportFrom):
        if node.module == "random" or any(name.name in DICE for name in node.names):
            yield node.lineno, f"`{node.module}`: {mend}"
    for node in source.nodes(ast.Attribute):
        if node.attr in DICE:
            yield node.lineno, f"`{node.attr}`: {mend}"
    for line, text in source.strings():
        hit = DICE_SQL.search(text)
        if hit:
            yield line, f"`{hit[0]}` in SQL: {mend}"


@rule(
    "Only migrations and the backup command may open the owner's policy; anyone may define what it reads.",
    where=("src/foyer/*", "migrations/*", "plugins/*"),
    but=("migrations/env.py", "src/foyer/cli/backup.py", "src/foyer/infra/db/*"),
    good=[
        ("migrations/env.py", "SET = \"SET app.migration = 'on'\"\n"),
        (
            "migrations/versions/one.py",
            "POLICY = \"USING (current_setting('app.migration', true) = 'on')\"\n",
        ),
    ],
    bad=[
        ("src/foyer/domains/orders/actions.py", "SET = \"SET LOCAL app.migration = 'on'\"\n"),
        ("src/foyer/cli/doctor.py", "SET = \"select set_config('app.migration', 'on', false)\"\n"),
    ],
)
def migration_doors(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.lines, 1):
        if len(MIGRATION.findall(line)) > len(MIGRATION_READ.findall(line)):
            yield (
                number,
                "`app.migration` lifts the tenant wall; migrations/env.py and the backup command set it alone",
            )


@rule(
    "No file knows the machine it was written on or the registry its parts came from.",
    where=("*",),
    good=[
        (
            "docs/operate/README.md",
            "Data lives below /var/lib/foyer; see https://example.org/work/ for more.\n",
        ),
        ("requirements/run.txt", "alembic==1.0.0 \\\n    --hash=sha256:00\n"),
    ],
    bad=[
        ("docs/README.md", "Run it in " + "/" + "root/foyer.\n"),
        ("src/foyer/app.py", "PATH = '" + "/" + "home/someone/data'\n"),
        ("requirements/run.txt", "--index-" + "url https://example.org\n"),
        ("frontend/package-lock.json", '"resol' + 'ved": "https://example.org/a.tgz"\n'),
    ],
)
def machines(source: Source) -> Iterator[Finding]:
    for hit in MACHINE.finditer(source.text):
        yield line_of(source.text, hit.start()), f"`{hit[0]}` names a machine or a registry"
