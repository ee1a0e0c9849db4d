"""Words of an import of a roadmap: kinds, fields, recipes, what is left out."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

KIND_WORDS: Mapping[str, Any] = {
    "initiative": _("initiatives"),
    "revision": _("revisions of their history"),
    "tie": _("ties between them"),
}
FIELD_WORDS: Mapping[str, Any] = {
    "id": _("id"),
    "title": _("title"),
    "description": _("description"),
    "kind": _("kind"),
    "state": pgettext_lazy("initiative", "state"),
    "stage": _("stage in its own tool"),
    "target": _("target in its own tool"),
    "starts_on": _("starts on"),
    "due_on": _("due on"),
    "lead": _("lead"),
    "owner_unit": _("unit"),
    "units": _("units that build it too"),
    "objective": _("objective it serves"),
    "field": _("field of action"),
    "milestones": _("milestones"),
    "created_at": _("created on"),
    "changed_at": _("changed on"),
    "started_at": _("started on"),
    "closed_at": _("closed on"),
    "slip_count": _("times it slipped"),
    "slip_steps": _("releases later"),
    "slip_days": _("days later"),
    "archived_at": _("archived"),
    "outcome": _("outcome"),
    "outcome_reason": _("why"),
    "no_baseline_reason": _("why there is no baseline"),
}
RECIPE_WORDS: Mapping[str, Any] = {
    "kubernetes-enhancements": _("Kubernetes enhancements (kep.yaml) and their history"),
    "roadmap-table": _("A table of initiatives"),
}


def left_out_lines(counts: Mapping[str, int]) -> list[str]:
    """What is left out because what it tells of is not there, a sentence for each kind."""
    found = []
    if count := counts.get("revision", 0):
        text = ngettext(
            "%(count)d revision is left out: the initiative it tells of is not among the files.",
            "%(count)d revisions are left out: the initiatives they tell of are not among the files.",
            count,
        )
        found.append(text % {"count": count})
    if count := counts.get("tie", 0):
        text = ngettext(
            "%(count)d mention of another initiative is left out: it is not among the files.",
            "%(count)d mentions of other initiatives are left out: they are not among the files.",
            count,
        )
        found.append(text % {"count": count})
    return found
