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


NOW = dt.datetime(2026, 8, 10, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "how", "away", "said"),
    [
        ("en", "until", 1, "until tomorrow"),
        ("en", "until", 3, "until 13 August"),
        ("en", "since", -1, "since yesterday"),
        ("en", "since", -3, "since 7 August"),
        ("en", "on", 1, "tomorrow"),
        ("en", "on", -3, "3 days ago"),
        ("en", "on", -30, "on 11 July"),
        ("fr", "until", 0, "jusqu’à aujourd’hui"),
        ("fr", "until", 1, "jusqu’à demain"),
        ("fr", "until", 3, "jusqu’au 13 août"),
        ("fr", "since", -1, "depuis hier"),
        ("fr", "since", -3, "depuis le 7 août"),
        ("fr", "on", 1, "demain"),
        ("fr", "on", -30, "le 11 juillet"),
    ],
)
def test_a_day_is_joined_to_what_precedes_it_as_people_say_it(
    language: str, how: str, away: int, said: str
) -> None:
    day = NOW.date() + dt.timedelta(days=away)
    with override(language):
        shown = Template("{% when day how %}").render(Context({"day": day, "how": how, "now": NOW}))
    assert f">{said}<" in shown


def test_a_moment_lately_is_told_by_the_minute_but_not_after_since() -> None:
    context = Context({"moment": NOW - dt.timedelta(minutes=5), "now": NOW})
    with override("en"):
        assert ">5 minutes ago<" in Template('{% when moment "on" %}').render(context)
        assert ">since today<" in Template('{% when moment "since" %}').render(context)
