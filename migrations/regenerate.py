"""Write the baseline migration anew from the tables: `python -m migrations.regenerate`.

Only until the first release; after it a released migration never changes.
"""

from pathlib import Path

from migrations.metadata import schema

BASELINE = Path(__file__).parent / "versions" / "0001_baseline.sql"


def baseline() -> str:
    """The whole schema as one script; a statement ends with a line that holds only a semicolon."""
    tidy = ("\n".join(line.rstrip() for line in statement.splitlines()) for statement in schema())
    return "".join(f"{statement}\n;\n" for statement in tidy)


if __name__ == "__main__":
    BASELINE.write_text(baseline(), encoding="utf-8")
