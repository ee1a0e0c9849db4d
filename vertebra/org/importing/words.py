"""Words of an import: kinds and fields as people call them, and what can stand in its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vertebra.kit.files import labels as file_labels
from vertebra.kit.files.problems import Code, Problem
from vertebra.org import labels

KIND_WORDS: Mapping[str, object] = {
    "unit": _("units"),
    "person": _("people"),
    "membership": _("memberships"),
    "mandate": _("mandates"),
    "area": _("areas"),
    "market": _("markets"),
    "ownership": _("ownerships"),
}
FIELD_WORDS: Mapping[str, object] = {
    "id": _("id"),
    "name": _("name"),
    "kind": _("kind"),
    "parent": _("part of"),
    "purpose": _("what it is for"),
    "how_to_work": _("how to work with it"),
    "email": _("e-mail"),
    "handle": _("login"),
    "title": _("title"),
    "manager": _("manager"),
    "manager_reference": _("manager named in the file"),
    "joined_on": _("joined on"),
    "left_on": _("left on"),
    "language": _("language"),
    "country": _("country"),
    "person": _("person"),
    "unit": _("unit"),
    "area": _("area"),
    "market": _("market"),
    "function": _("function"),
    "share": _("share of time (%)"),
    "starts_on": _("from"),
    "ends_on": _("until"),
    "role": _("role"),
    "is_acting": _("acting"),
    "hours_per_month": _("hours a month"),
    "reference": _("person named in the file"),
    "description": _("description"),
    "steps": _("areas crossed"),
    "code": _("code"),
}
EFFECT_WORDS: Mapping[str, object] = {
    "created": pgettext_lazy("import", "created"),
    "changed": pgettext_lazy("import", "changed"),
    "closed": pgettext_lazy("import", "closed"),
    "unchanged": pgettext_lazy("import", "unchanged"),
}

# Titles of the shipped recipes, which are written in English.
RECIPE_WORDS: Mapping[str, object] = {
    "backstage": _("Backstage catalogue files"),
    "csv-kit": _("Tables of an organisation"),
    "gitlab": _("GitLab product organisation"),
    "identity-provider": _("Users of an identity provider"),
    "kubernetes": _("Kubernetes community groups"),
}


class PlanCode(StrEnum):
    """What can be wrong with records beside what is known, once the files themselves are fine."""

    EMAIL_TWICE = "email_twice"
    TOO_LONG = "too_long"
    SHARE_OUT_OF_RANGE = "share_out_of_range"
    HOURS_OUT_OF_RANGE = "hours_out_of_range"
    CIRCLE = "circle"
    ENDS_BEFORE_START = "ends_before_start"
    LEFT_BEFORE_JOINED = "left_before_joined"


_CHOICES: Mapping[str, Mapping[str, object]] = {
    "function": dict(labels.Function.choices),
    "role": dict(labels.MandateRole.choices),
    "kind": dict(labels.AreaKind.choices),
}
# What to do, for those who wrote no recipe.
_WITHOUT_RECIPE: Mapping[Code, str] = {
    Code.CHOICE_UNKNOWN: gettext_noop("Use one of those."),
    Code.SEVERAL_VALUES: gettext_noop("Keep one of them in the file."),
    Code.NOT_A_TEXT: gettext_noop("Write one text there in the file."),
    Code.NOTHING_FOUND: gettext_noop(
        "Check that these are the files you meant, and say again what they are."
    ),
}
# Told, but no reason to refuse the files.
_NOTICES = frozenset({PlanCode.CIRCLE, PlanCode.EMAIL_TWICE})
_TROUBLES: Mapping[PlanCode, tuple[str, str]] = {
    PlanCode.EMAIL_TWICE: (
        gettext_noop("%(name)s has the e-mail of somebody else, %(email)s: it stays with %(other)s alone."),
        gettext_noop("Correct one of the two addresses in the files; if they are one person, keep one row."),
    ),
    PlanCode.TOO_LONG: (
        gettext_noop("The text is %(length)s characters long; at most %(limit)s can be kept."),
        gettext_noop("Shorten it in the file."),
    ),
    PlanCode.SHARE_OUT_OF_RANGE: (
        gettext_noop("A share of time of %(value)s makes no sense."),
        gettext_noop("Write a percentage from 1 to 100."),
    ),
    PlanCode.HOURS_OUT_OF_RANGE: (
        gettext_noop("%(value)s hours a month make no sense."),
        gettext_noop("Write a number of hours from 0 to 744."),
    ),
    PlanCode.CIRCLE: (
        gettext_noop("%(name)s would be part of itself, by way of %(way)s: it stays without a parent."),
        gettext_noop("Correct the column that names what it is part of."),
    ),
    PlanCode.ENDS_BEFORE_START: (
        gettext_noop("It ends on %(end)s, before it starts, on %(start)s."),
        gettext_noop("Correct one of the two dates in the file."),
    ),
    PlanCode.LEFT_BEFORE_JOINED: (
        gettext_noop("%(name)s left on %(end)s, before joining, on %(start)s."),
        gettext_noop("Correct one of the two dates in the file."),
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to correct, or to know, with its place; the words are found when somebody reads them."""

    file: str
    line: int | None
    column: str | None
    code: str
    is_blocking: bool
    particulars: Mapping[str, str | int] = field(default_factory=dict)
    problem: Problem | None = None
    has_own_recipe: bool = True

    @property
    def what(self) -> str:
        """What is wrong, in a sentence."""
        if self.problem:
            return file_labels.message(replace(self.problem, particulars=self._in_words(self.problem)))
        return gettext(_TROUBLES[PlanCode(self.code)][0]) % dict(self.particulars)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.problem:
            if not self.has_own_recipe and self.problem.code in _WITHOUT_RECIPE:
                return gettext(_WITHOUT_RECIPE[self.problem.code])
            return file_labels.remedy(self.problem)
        return gettext(_TROUBLES[PlanCode(self.code)][1]) % dict(self.particulars)

    @property
    def field_code(self) -> str:
        """The field of ours that it is about, if it is about one."""
        return str(self.particulars.get("field", "")) if self.problem else self.column or ""

    @property
    def shown_column(self) -> str:
        """Where in the row: the heading of the file, else the field in words."""
        if self.problem and self.column:
            return self.column
        return str(FIELD_WORDS.get(self.field_code, self.field_code))

    @staticmethod
    def _in_words(problem: Problem) -> dict[str, str | int]:
        told = dict(problem.particulars)
        code = str(told.get("field", ""))
        if code:
            told["field"] = str(FIELD_WORDS.get(code, code))
        if problem.code == Code.CHOICE_UNKNOWN:
            known = _CHOICES.get(code, {})
            choices = [str(known.get(choice, choice)) for choice in str(told["choices"]).split(", ")]
            told["choices"] = ", ".join(choices)
        return told

    def as_json(self, headings: Mapping[str, str] | None = None) -> dict[str, object]:
        """The trouble as commands and drafts keep it; `headings` say which column somebody chose for a field."""
        return {
            "file": self.file,
            "line": self.line,
            "column": (headings or {}).get(self.field_code) or self.shown_column or None,
            "code": self.code,
            "is_blocking": self.is_blocking,
            "what": self.what,
            "remedy": self.remedy,
        }


def of_problem(problem: Problem) -> Trouble:
    """What the reading of files found wrong."""
    return Trouble(
        problem.file,
        problem.line,
        problem.column,
        str(problem.code),
        problem.is_blocking,
        problem.particulars,
        problem,
    )


def trouble(file: str, line: int | None, column: str, code: PlanCode, **particulars: str | int) -> Trouble:
    """What comparing with what is known found wrong."""
    short = {name: value[:120] if isinstance(value, str) else value for name, value in particulars.items()}
    return Trouble(file, line, column, str(code), code not in _NOTICES, short)


def left_out_lines(counts: Mapping[str, int]) -> list[str]:
    """How many relations are left out because what they need is not known, a sentence for each kind."""
    return [_left_out(kind, count) for kind, count in sorted(counts.items()) if count]


def _left_out(kind: str, count: int) -> str:
    if kind == "membership":
        text = ngettext(
            "%(count)d membership is left out: its person or its unit is not known.",
            "%(count)d memberships are left out: their person or their unit is not known.",
            count,
        )
    elif kind == "mandate":
        text = ngettext(
            "%(count)d mandate is left out: the unit, area or market it is for is not known.",
            "%(count)d mandates are left out: the unit, area or market they are for is not known.",
            count,
        )
    else:
        text = ngettext(
            "%(count)d ownership is left out: its unit, or what is owned, is not known.",
            "%(count)d ownerships are left out: their unit, or what is owned, is not known.",
            count,
        )
    return text % {"count": count}
