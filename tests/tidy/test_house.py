"""Every house rule finds its bad examples, leaves its good ones alone, and finds nothing in the tree."""

import pytest

from tests.tidy import doors, edges, pages, proofs, shape, speech, statements, texts
from tests.tidy.rule import ROOT, RULES, Rule, Source, tree

ROOMS = (doors, edges, pages, proofs, shape, speech, statements, texts)
"""Importing them registers their rules."""

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_rule_finds_each_bad_example(rule: Rule) -> None:
    missed = [(path, text) for path, text in rule.bad if not rule.findings(Source(path, text))]

    assert rule.bad
    assert missed == []


@each_rule
def test_rule_leaves_good_examples_alone(rule: Rule) -> None:
    findings = [finding for path, text in rule.good for finding in rule.findings(Source(path, text))]

    assert rule.good
    assert findings == []


@each_rule
def test_tree_keeps_the_rule(rule: Rule) -> None:
    findings = [finding for source in tree() for finding in rule.findings(source)]

    if findings:
        pytest.fail("\n".join([rule.sentence, *findings]), pytrace=False)


def test_every_file_of_rules_is_applied() -> None:
    written = {
        source.path
        for source in tree()
        if source.path.startswith("tests/tidy/") and "\n@rule(" in source.text
    }

    assert written == {f"tests/tidy/{room.__name__.rpartition('.')[2]}.py" for room in ROOMS}


@pytest.mark.parametrize("allowed", [pages.SAFE_ALLOWED, proofs.SKIP_ALLOWED], ids=["safe", "skip"])
def test_exceptions_have_a_reason_and_a_file(allowed: dict[str, str]) -> None:
    assert [path for path, reason in allowed.items() if len(reason) < 30 or not (ROOT / path).is_file()] == []
