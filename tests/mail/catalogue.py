"""Which words the templates of mails say, found as `pybabel extract` finds them."""

from pathlib import Path

from babel.messages.extract import extract_from_dir

from foyer.domains.notifications import documents

HERE = Path(documents.__file__).parent
METHODS = [("templates/**.jinja", "jinja2"), ("words.py", "python")]
OPTIONS = {"templates/**.jinja": {"trimmed": "true", "silent": "false"}}


def spoken() -> set[str | tuple[str, ...]]:
    """Every message; one that has a plural as a pair."""
    found = extract_from_dir(str(HERE), METHODS, OPTIONS)
    return {message for _, _, message, _, _ in found}
