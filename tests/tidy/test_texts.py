"""What the texts say is what the code does."""

import re
from pathlib import Path

import pytest

from foyer import settings
from tests import lanes
from tests.tidy.rule import ROOT, tree

SETTING_ROW = re.compile(r"^\| `(FOYER_[A-Z_]+)` \| (.*?) \| .* \|$", re.MULTILINE)


def documented_settings() -> dict[str, str]:
    """Name and default of each row of the operator's table."""
    return dict(SETTING_ROW.findall((ROOT / "docs/operate/README.md").read_text(encoding="utf-8")))


def known_settings() -> list[str]:
    """What `settings.read` names when it meets a setting it does not know."""
    with pytest.raises(settings.SettingsError) as refusal:
        settings.read({"FOYER_NO_SUCH_SETTING": ""})
    return re.findall(r"FOYER_[A-Z_]+", str(refusal.value).partition("known are")[2])


def test_every_setting_stands_in_the_operators_table() -> None:
    assert sorted(documented_settings()) == known_settings()


@pytest.mark.parametrize("name", documented_settings())
def test_documented_default_is_the_default(name: str) -> None:
    default = documented_settings()[name]
    given = {name: default.strip("`")} if default.startswith("`") else {}

    assert settings.read(given) == settings.read({})


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    files = sorted(path.name for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    listed = re.findall(
        r"\]\((\d{4}-[^)]+)\)", (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    )

    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert listed == files


def test_every_directory_of_tests_is_a_lane() -> None:
    with_tests = {
        Path(source.path).parts[1] for source in tree() if re.match(r"tests/.+/test_\w+\.py$", source.path)
    }
    in_lanes = {Path(lane.tests).name for lane in (*lanes.CHECKS, *lanes.TESTS) if lane.tests}

    assert with_tests <= in_lanes


def test_every_page_of_docs_is_reached_from_its_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    chapters = sorted(path.parent.name for path in (ROOT / "docs").glob("*/README.md"))

    assert [chapter for chapter in chapters if f"({chapter}/README.md)" not in index] == []


def test_totals_add_up_in_the_words_of_pytest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "OUTPUT", tmp_path)
    lane = lanes.Lane("rules", 1, (), tests="tests/rules")
    broken = lanes.totals(lane, 3)
    suite = '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="1"/></testsuites>'
    lane.report.write_text(suite, encoding="utf-8")

    assert str(broken) == "0 passed, 1 failed"
    assert str(lanes.totals(lane, 1) + broken) == "5 passed, 4 failed, 1 skipped"


def test_a_lane_that_lacks_its_subject_is_skipped_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    lane = lanes.Lane("citus", 1, ("false",), lacks=lambda: "no address is set")
    ((_, outcome),) = lanes.attempts([lane], 1.0)

    assert str(outcome.totals) == "0 passed, 0 failed, 1 skipped"
    assert capsys.readouterr().out == "citus       SKIPPED: no address is set\n"
