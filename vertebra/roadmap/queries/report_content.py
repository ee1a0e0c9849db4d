"""What a report says for its period and its unit, assembled in its own language from what is known already."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vertebra.kit import clock
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.labels.reports import Section
from vertebra.roadmap.models import Initiative, Involvement, ReportTemplate
from vertebra.roadmap.queries import report_sections as parts


def content_of(
    template: ReportTemplate, from_on: dt.date, until_on: dt.date, *, title: str, now: dt.datetime
) -> dict[str, Any]:
    """The whole report as plain data, ready to be frozen: every word in the language of the template."""
    with translation.override(template.language):
        scope = scope_of(template, from_on, until_on, now)
        sections = [_section(code, scope) for code in template.sections if code in Section.values]
        return {
            "title": title,
            "language": template.language,
            "unit": scope.unit_name,
            "period": period_words(from_on, until_on),
            "lead": parts.lead(scope),
            "sections": sections,
            "assembled_on": date_format(clock.today(now), "DATE_FORMAT"),
        }


def period_words(from_on: dt.date, until_on: dt.date) -> str:
    """A month, a quarter, or two days: the last day of the period is the eve of its end."""
    last = until_on - dt.timedelta(days=1)
    months = (until_on.year - from_on.year) * 12 + until_on.month - from_on.month
    if from_on.day == until_on.day == 1 and months == 1:
        return date_format(from_on, "YEAR_MONTH_FORMAT")
    if from_on.day == until_on.day == 1 and months == 3 and from_on.month % 3 == 1:
        return _("Q%(quarter)s %(year)s") % {"quarter": (from_on.month + 2) // 3, "year": from_on.year}
    words = {"first": date_format(from_on, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
    return _("from %(first)s to %(last)s") % words


def scope_of(template: ReportTemplate, from_on: dt.date, until_on: dt.date, now: dt.datetime) -> parts.Scope:
    """The initiatives that the report is about: all, or those of a unit and what lies in it."""
    rows = Initiative.objects.filter(archived_at=None)
    units: set[int] | None = None
    name = ""
    if template.of_unit_id:
        structure = Structure.as_of(clock.today(now), with_members=False)
        units = structure.under(template.of_unit_id)
        node = structure.get(template.of_unit_id)
        name = node.name if node else ""
        joined = Involvement.objects.filter(initiative=OuterRef("pk"), of_unit__in=units)
        rows = rows.filter(Q(owner_unit__in=units) | Exists(joined))
    return parts.Scope(rows, units, name, from_on, until_on, now)


def _section(code: str, scope: parts.Scope) -> dict[str, Any]:
    heading, columns, rows, empty = parts.SECTIONS[code]
    found = rows(scope)
    return {
        "code": code,
        "heading": str(heading),
        "columns": [str(column) for column in columns],
        "rows": found,
        "empty": "" if found else str(empty),
    }
