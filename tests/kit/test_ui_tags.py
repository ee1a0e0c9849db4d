"""Small marks: icons, initials, states, moments, figures."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from tests.world import NOW
from vertebra.kit.listing import ShownChoice
from vertebra.kit.templatetags import ui

TEMPLATES = Path(ui.__file__).resolve().parents[2]


def said(value: dt.datetime | dt.date) -> str:
    """What a reader sees of a moment."""
    text = str(Template("{% when value %}").render(Context({"value": value, "now": NOW})))
    return re.sub("<[^>]+>", "", text)


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in ui.icon("x")
    assert 'role="img" aria-label="Close"' in ui.icon("x", label="Close")


def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="no-such-icon"):
        ui.icon("no-such-icon")


def test_every_icon_that_a_template_names_exists() -> None:
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(
            r"""(?:\{% icon |\bicon=)["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")
        )
    }
    assert len(named) > 20
    for name in named:
        ui.icon(name)


def test_what_people_wrote_cannot_become_markup() -> None:
    assert "<script>" not in ui.state("<script>")
    assert "<script>" not in ui.avatar("<script> x")
    assert "<script>" not in ui.icon("x", label='"><script>')


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Inès Bertrand", "IB"),
        ("Karim", "K"),
        ("Anne-Marie van der Berg", "AB"),
        ("", ""),
        ("🦄 ", ""),
        ("م ن", "من"),
    ],
)
def test_initials_are_the_first_and_the_last(name: str, expected: str) -> None:
    assert ui.initials(name) == expected


def test_an_unknown_tone_is_neutral() -> None:
    assert ui.state("open", "shiny") == '<span class="state is-neutral">open</span>'


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (1, "1"), (40, "5"), (20, "2"), (99, "5"), (None, "few")]
)
def test_the_shade_of_a_cell_follows_its_number(value: float | None, expected: str) -> None:
    assert ui.level(value, 40) == expected


def test_a_matrix_of_zeros_has_no_shade() -> None:
    assert ui.level(0, 0) == "0"


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (dt.timedelta(seconds=5), "just now"),
        (dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(hours=3), "3 hours ago"),
        (dt.timedelta(hours=20), "yesterday"),
        (dt.timedelta(days=7), "7 days ago"),
        (dt.timedelta(days=8), "25 October"),
        (dt.timedelta(days=400), "28 September 2025"),
        (dt.timedelta(days=-1), "tomorrow"),
        (dt.timedelta(days=-3), "in 3 days"),
    ],
)
def test_a_moment_is_relative_within_a_week_and_a_date_beyond(ago: dt.timedelta, expected: str) -> None:
    assert said(NOW - ago) == expected


def test_a_day_is_said_without_an_hour() -> None:
    assert said(NOW.date()) == "today"


def test_a_figure_groups_its_thousands_as_the_reader_does() -> None:
    with translation.override("fr"):
        assert ui.figure(20000) == "20\xa0000"
    with translation.override("en"):
        assert ui.figure(20000) == "20,000"
    assert ui.figure(None) == ""


@dataclass
class Shown:
    """A list that shows one of its columns."""

    labels: dict[str, str]


def test_a_cell_follows_its_column_and_is_marked_when_empty() -> None:
    written = Template('{% cell "a" "is-number" %}{{ value }}{% endcell %}{% cell "b" %}hidden{% endcell %}')
    listing = Shown({"a": "Name &amp; more"})
    shown = written.render(Context({"listing": listing, "value": "<b>"}))
    assert shown == '<td class="is-number" data-label="Name &amp; more">&lt;b&gt;</td>'
    empty = written.render(Context({"listing": listing, "value": ""}))
    assert empty == '<td class="is-number is-blank" data-label="Name &amp; more"></td>'


def test_choices_are_links_that_escape_what_they_say() -> None:
    choices = [
        ShownChoice("a", "<Berlin>", "/x/?q=1&place=a", is_on=True),
        ShownChoice("b", "Paris", "/x/?place=b", is_on=False),
    ]
    shown = ui.choice_links(choices)
    assert '<a class="menu-item" href="/x/?q=1&amp;place=a"' in shown
    assert 'aria-current="true">&lt;Berlin&gt;</a>' in shown
    assert shown.count("aria-current") == 1


def test_figures_and_days_are_written_in_the_language_of_each_reader() -> None:
    with translation.override("fr"):
        assert ui.figure(12345) == "12\xa0345"
    with translation.override("en"):
        assert ui.figure(12345) == "12,345"
        assert said(NOW.date()) == "today"
    with translation.override("fr"):
        assert said(NOW.date()) == "aujourd’hui"
