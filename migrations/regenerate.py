"""Write the baseline migration and the page of the tables anew from the tables: `python -m migrations.regenerate`.

The baseline only until the first release; after it a released migration never changes.
"""

from pathlib import Path

from migrations.metadata import schema
from migrations.schema_page import PAGE, page

BASELINE = Path(__file__).parent / "versions" / "0001_baseline.sql"


def baseline() -> str:
    """The whole schema as one script; a statement ends with a line that holds only a semicolon."""
    tidy = ("\n".join(line.rstrip() for line in statement.splitlines()) for statement in schema())
    return "".join(f"{statement}\n;\n" for statement in tidy)


if __name__ == "__main__":
    BASELINE.write_text(baseline(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
