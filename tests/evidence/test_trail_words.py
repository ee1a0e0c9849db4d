"""What is wrong with a file of work items, in the words of the reader."""

import pytest
from django.utils import translation

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Flaw, FlawCode
from vertebra.evidence.importing import trail_command
from vertebra.evidence.importing.words import LACKING, told_flaw, told_trouble
from vertebra.kit import console


def said(code: FlawCode, language: str = "fr", **particulars: str) -> str:
    with translation.override(language):
        return str(told_flaw(Flaw(code, "a.csv", 2, particulars))["what"]).replace("\xa0", " ")


@pytest.mark.parametrize("code", [FlawCode.ITEM_WITHOUT, FlawCode.EVENT_WITHOUT])
@pytest.mark.parametrize("what", LACKING)
@pytest.mark.parametrize("key", ["", "SHOP-1"])
def test_what_is_lacking_is_said_in_words(code: FlawCode, what: str, key: str) -> None:
    with translation.override("fr"):
        word = str(LACKING[what])
    told = said(code, what=what, key=key)
    assert f"est sans {word} :" in told
    assert "  " not in told and key in told


def test_what_was_read_is_named_as_it_is_called_there() -> None:
    assert said(FlawCode.ITEM_WITHOUT, what="key", key="") == (
        "Un élément de travail est sans clé : il est laissé de côté."
    )
    assert (
        said(FlawCode.EVENT_WITHOUT, "en", what="at", key="7") == "An event of 7 has no date: it is left out."
    )
    assert "La valeur de « points » ne peut" in said(FlawCode.VALUE_ODD, field="points", key="")


def test_a_case_without_a_completed_step_is_taken() -> None:
    assert "it is taken" in said(FlawCode.CASE_WITHOUT_STEP, "en", key="7")
    assert "il est pris" in said(FlawCode.CASE_WITHOUT_STEP, key="7")


def test_a_missing_column_is_said_in_words() -> None:
    trouble = Trouble(Fault.COLUMN_MISSING, file="a.csv", what="case", columns="x, y")
    with translation.override("fr"):
        assert "dossier" in told_trouble(trouble)["what"]


def test_how_far_reading_is_is_written_as_the_reader_writes_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list[str]()
    monkeypatch.setattr(console, "say", told.append)
    monkeypatch.setattr(trail_command, "TELL_EVERY", 0.0)
    with translation.override("fr"):
        trail_command._telling("%(count)s")(12345)
    with translation.override("en"):
        trail_command._telling("%(count)s")(12345)
    assert told == ["12\xa0345", "12,345"]
