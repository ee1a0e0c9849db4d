"""The results of a survey as a table: what the page may show, and nothing else."""

from collections.abc import Iterator

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from vertebra.evidence.pages.names import named, value_named
from vertebra.evidence.queries.results import SurveyResults
from vertebra.kit.tables import table_response


def export(results: SurveyResults, form: str) -> HttpResponseBase:
    """Every group and question, with counts of each answer; a group too small has an empty line that says so."""
    header = [_("Group"), _("Inside"), _("Asked"), _("Question"), _("Answered"), _("Mean"), _("From"), _("To"),
              _("Answer"), _("Count"), _("Note")]  # fmt: skip
    return table_response(f"survey-{results.survey.pk}", form, header, list(_lines(results)))


def _lines(results: SurveyResults) -> Iterator[list[object]]:
    names = {
        group.key: named(group.key, group.name, group.function) for group in [results.whole, *results.groups]
    }
    too_few = _("fewer than five: counted in the group around it")
    kept_back = _("kept back: fewer than five gave an answer")
    for group in [results.whole, *results.groups]:
        place: list[object] = [names[group.key], names.get(group.parent, ""), group.invited]
        for question in results.questions:
            figure = group.figure(question.code)
            if figure.answered is None:
                yield [*place, question.text, None, None, None, None, None, None, too_few]
                continue
            told = [question.text, figure.answered, figure.mean, figure.low, figure.high]
            if not figure.counts:
                yield [*place, *told, None, None, kept_back if figure.counts is None else ""]
            labels = {choice["code"]: choice["label"] for choice in question.choices}
            for value, count in sorted((figure.counts or {}).items()):
                yield [*place, *told, value_named(value, labels), count, kept_back if count is None else ""]
