"""What is worked out once says the same as Django, in each language, for each value."""

import datetime as dt

import pytest
from django.template import Context, Template, TemplateSyntaxError, defaultfilters
from django.urls import reverse
from django.utils.translation import override


def written(text: str, language: str = "fr", *, autoescape: bool = True, **values: object) -> str:
    with override(language):
        return Template(text).render(Context(values, autoescape=autoescape))


def twice(template: Template, **values: object) -> list[str]:
    said: list[str] = []
    for language in ("fr", "en", "fr"):
        with override(language):
            said.append(template.render(Context(values)))
    return said


def test_words_are_those_of_each_reader() -> None:
    template = Template('{% translate "Name" %}')
    assert twice(template) == ["Nom", "Name", "Nom"]
    assert twice(Template('{% translate "to" context "a day" %}')) == twice(
        Template('{% load i18n %}{% translate "to" context "a day" %}')
    )


def test_words_that_are_a_value_are_read_each_time() -> None:
    template = Template("{% translate word %}")
    assert [template.render(Context({"word": word})) for word in ("A", "B")] == ["A", "B"]
    kept = Template('{% translate "Name" as word %}{{ word|upper }}')
    assert twice(kept) == ["NOM", "NAME", "NOM"]


def test_words_are_escaped_where_the_page_asks_for_it() -> None:
    template = Template('{% translate "<b> & 100%" %}')
    plain = Template('{% load i18n %}{% translate "<b> & 100%" %}')
    for autoescape in (True, False, True):
        assert template.render(Context(autoescape=autoescape)) == plain.render(Context(autoescape=autoescape))


def test_an_address_is_that_of_its_row() -> None:
    template = Template("{% url 'org:person-show' pk %}")
    for pk in (7, "7", 8, True, 7.0):
        try:
            expected = reverse("org:person-show", args=(pk,))
        except Exception as error:
            with pytest.raises(type(error)):
                template.render(Context({"pk": pk}))
        else:
            assert template.render(Context({"pk": pk})) == expected
    assert written("{% url 'org:person-show' 9 as here %}[{{ here }}]") == "[/organisation/people/9/]"


def test_days_and_numbers_are_those_of_each_reader() -> None:
    day = dt.date(2026, 11, 2)
    said = twice(Template('{{ day|date:"DATE_FORMAT" }}'), day=day)
    assert said == ["2 novembre 2026", "2 November 2026", "2 novembre 2026"]
    assert twice(Template("{{ value|floatformat:1 }}"), value=1.25)[:2] == ["1,3", "1.3"]


@pytest.mark.parametrize("value", [1, 1.0, True, "1", None, 1234.5, -0.0, float("nan"), "x"])
def test_a_number_is_rounded_as_django_does(value: object) -> None:
    with override("fr"):
        for form in (-1, 0, 1, "0g"):
            expected = defaultfilters.floatformat(value, form)
            text = Template("{{ value|floatformat:form }}")
            assert text.render(Context({"value": value, "form": form})) == expected


def test_a_moment_is_told_in_the_zone_of_the_reader() -> None:
    at = dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC)
    assert written('{{ at|date:"Y-m-d" }}', at=at) == "2026-11-03"


def test_an_icon_that_the_page_names_is_drawn_as_any_other() -> None:
    drawn = Template('{% icon "plus" "is-small" %}').render(Context())
    assert drawn == Template("{% icon name 'is-small' %}").render(Context({"name": "plus"}))
    assert "<svg" in drawn
    with pytest.raises(TemplateSyntaxError, match="No icon is called 'nothing'"):
        Template('{% icon "nothing" %}')
