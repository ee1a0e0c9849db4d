"""Sentences that an audit begins with, in its language, from what was counted; its authors change them."""

import datetime as dt
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.analysis.privacy import FEWEST
from vertebra.kit.templatetags.ui import figure
from vertebra.org.labels import Function

MOST_NAMED = 6


def day_said(iso: str) -> str:
    """A day of the figures, in words."""
    return formats.date_format(dt.date.fromisoformat(iso), "DATE_FORMAT") if iso else ""


def listed(words: list[str]) -> str:
    """Several words as one says them: “a, b and c”."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(latest)s") % {"first": ", ".join(words[:-1]), "latest": words[-1]}


def function_said(code: str) -> str:
    """A function in words."""
    return str(Function(code).label) if code in Function.values else code


def method_said(figures: dict[str, Any]) -> str:
    """How many were heard, when and with which guides."""
    if not figures.get("people"):
        return _("Nobody has been heard yet.")
    told = {
        "count": figure(figures["people"]),
        "first": day_said(figures["first_on"]),
        "latest": day_said(figures["latest_on"]),
    }
    if figures["first_on"] == figures["latest_on"]:
        words = ngettext(
            "We heard %(count)s person on %(first)s.",
            "We heard %(count)s people on %(first)s.",
            figures["people"],
        )
    else:
        words = ngettext(
            "We heard %(count)s person between %(first)s and %(latest)s.",
            "We heard %(count)s people between %(first)s and %(latest)s.",
            figures["people"],
        )
    said = [words % told]
    if figures["guides"]:
        said.append(_("The guides we used: %(guides)s.") % {"guides": listed(figures["guides"])})
    said.append(
        _(
            "What people said is quoted without names; a function or a unit is told only where at least "
            "five people could have said it."
        )
    )
    return " ".join(said)


def unheard(figures: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Functions of units with at least five people, none of whom was heard: the largest first."""
    names = figures.get("unit_names", {})
    found = [
        (function, names[str(unit)], present)
        for function, unit, present, heard in figures.get("cells", [])
        if not heard and present >= FEWEST
    ]
    return sorted(found, key=lambda one: (-one[2], one[1], one[0]))


def not_heard_said(figures: dict[str, Any]) -> str:
    """Where nobody was heard, and so what the audit cannot say."""
    missing = unheard(figures)
    if not figures.get("people"):
        return ""
    small = sum(1 for cell in figures.get("cells", []) if not cell[3] and cell[2] < FEWEST)
    if not missing and small:
        words = ngettext(
            "Somebody was heard in every function of a unit with at least five people; in %(count)d smaller "
            "group nobody was.",
            "Somebody was heard in every function of a unit with at least five people; in %(count)d smaller "
            "groups nobody was.",
            small,
        )
        return words % {"count": small}
    if not missing:
        return _("In every unit, somebody of each function was heard.")
    places = [
        _("%(function)s in %(unit)s (%(count)s people)")
        % {"function": function_said(function), "unit": unit, "count": figure(present)}
        for function, unit, present in missing[:MOST_NAMED]
    ]
    more = len(missing) - len(places)
    if more:
        words = ngettext("%(count)d other group", "%(count)d other groups", more)
        places.append(words % {"count": more})
    return _("Nobody was heard among: %(places)s. What they live with is not in this audit.") % {
        "places": listed(places)
    }
