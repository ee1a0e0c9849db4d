"""Every fault has its words."""

import re
from pathlib import Path

from vertebra.kit.files import labels
from vertebra.kit.files.problems import Code, Problem


def test_every_code_says_what_is_wrong_and_what_to_do() -> None:
    assert set(labels.LABELS) == set(Code)
    for code in Code:
        problem = Problem("x.csv", 1, None, code)
        assert labels.message(problem).endswith(".")
        assert labels.remedy(problem).endswith(".")


def test_every_code_is_used() -> None:
    root = Path(labels.__file__).parents[2]
    text = "".join(
        path.read_text()
        for folder in ("kit/files", "connectors", "org")
        for path in (root / folder).rglob("*.py")
        if path.name != "labels.py"
    )
    used = set(re.findall(r"Code\.([A-Z_]+)", text))
    assert {code.name for code in Code} <= used


def test_particulars_fill_in_the_sentence() -> None:
    problem = Problem("x.csv", 3, "Depuis", Code.NOT_A_DATE, {"value": "soon"})
    assert labels.message(problem) == "“soon” is not a date."
