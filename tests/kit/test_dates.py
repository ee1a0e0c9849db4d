"""Days as each language says them, wherever they are shown."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

FIRST = dt.date(2026, 2, 1)


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", ("1er février 2026", "1er février")), ("en", ("1 February 2026", "1 February"))],
)
def test_the_first_of_a_month_is_said_as_the_language_says_it(language: str, said: tuple[str, str]) -> None:
    with override(language):
        assert formats.date_format(FIRST, "DATE_FORMAT") == said[0]
        assert formats.date_format(FIRST, "MONTH_DAY_FORMAT") == said[1]
        template = Template('{{ day|date:"DATE_FORMAT" }} · {{ day }} · {% when day %}')
        shown = template.render(Context({"day": FIRST, "now": dt.datetime(2026, 8, 1, tzinfo=dt.UTC)}))
        assert shown.startswith(f"{said[0]} · {said[0]} · ")
        assert f">{said[1]}<" in shown


def test_other_days_and_figures_stay_as_they_are() -> None:
    with override("fr"):
        assert formats.date_format(dt.date(2026, 2, 11), "DATE_FORMAT") == "11 février 2026"
        assert formats.date_format(FIRST, "SHORT_DATE_FORMAT").startswith("01/02")
