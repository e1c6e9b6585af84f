"""The page of the tables says what the tables say."""

from migrations.schema_page import PAGE, page


def test_page_is_what_the_tables_say() -> None:
    """`python -m migrations.regenerate` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()
