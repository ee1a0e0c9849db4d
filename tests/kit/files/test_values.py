"""Dates, numbers and names as people write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from vertebra.kit.files import values
from vertebra.kit.text import fold


@pytest.mark.parametrize(
    "written",
    [
        "31/12/2024", "31.12.2024", "31-12-2024", "31/12/24", "2024-12-31", "2024-12-31T10:00:00Z", "20241231",
        "31 décembre 2024", "Mardi 31 décembre 2024", "31 déc. 2024", "le 31 décembre 2024",
        "December 31, 2024", "31 Dec 2024", " 31/12/2024 ", "45657", 45657, 45657.75,
        date(2024, 12, 31), datetime(2024, 12, 31, 9, 30),
    ],
)  # fmt: skip
def test_a_day_is_understood_in_french_in_english_in_iso_and_as_spreadsheets_count(written: object) -> None:
    assert values.parse_date(written) == date(2024, 12, 31)


@pytest.mark.parametrize(
    "written", ["", "soon", "31/02/2024", "12/31/2024", "2024", True, "٣١/١٢/٢٠٢٤", "1" * 500, -4, 1e300]
)
def test_what_is_no_day_is_said_to_be_none(written: object) -> None:
    assert values.parse_date(written) is None


def test_the_first_of_a_month_is_written_with_letters_in_french() -> None:
    assert values.parse_date("1er mars 2024") == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1 234,56", "1234.56"), ("1\u202f234,56", "1234.56"), ("1\u00a0234,56", "1234.56"),
        ("1\u2009234,56", "1234.56"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1,234,567", "1234567"),
        ("0,8", "0.8"), ("80 %", "80"), ("-3", "-3"), (12, "12"), (0.5, "0.5"), ("1'234", "1234"),
    ],
)  # fmt: skip
def test_a_number_is_understood_with_commas_points_and_thin_spaces(written: object, number: str) -> None:
    assert values.parse_number(written) == Decimal(number)


@pytest.mark.parametrize("written", ["", "many", "1-2", "NaN", float("nan"), float("inf"), True, "9" * 100])
def test_what_is_no_number_is_said_to_be_none(written: object) -> None:
    assert values.parse_number(written) is None


@pytest.mark.parametrize("written", ["80 %", "80", "0,8", 0.8, 80])
def test_a_share_of_time_is_in_percent_however_written(written: object) -> None:
    assert values.parse_percent(written) == 80


def test_names_are_compared_without_accents_capitals_and_kinds_of_apostrophe() -> None:
    assert fold("  Élodie  D’Œuvre ") == fold("elodie d'oeuvre")


def test_a_heading_has_a_name_that_recipes_can_write() -> None:
    assert values.header_name("Date d’arrivée (prévue)") == "date_d_arrivee_prevue"


def test_a_name_without_latin_letters_still_has_a_slug() -> None:
    assert values.slug("支付 团队") == "支付-团队"
    assert values.slug("Équipe n° 1") == "equipe-n-1"


def test_html_becomes_what_a_reader_sees() -> None:
    markup = '<a href="/x">Engineer</a>, R&amp;D<script>alert(1)</script><br>Lyon'
    assert values.html_text(markup) == "Engineer, R&D\nLyon"
    assert values.html_text("a < b") == "a < b"
