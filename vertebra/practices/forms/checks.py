"""What people may type about checks."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vertebra.analysis.expressions.parsing import parse
from vertebra.analysis.expressions.tokens import ExpressionError
from vertebra.org.forms.fields import DayField, UnitField
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.hygiene import Parameter, ShippedCheck
from vertebra.practices.labels.checks import RuleKind, wrong_said

MOST_STEPS = 20


class ExpressionField(forms.CharField):
    """An expression over the fields of work items; what cannot be read is told with where it stands."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "rows": 3,
            "spellcheck": "false",
            "autocomplete": "off",
            "class": "is-code",
            "data-expression": "",
        }
        super().__init__(max_length=2000, widget=forms.Textarea(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """The expression, which can be read."""
        text = str(super().clean(value) or "")
        if text.strip():
            try:
                parse(text)
            except ExpressionError as wrong:
                raise forms.ValidationError(wrong_said(wrong.code, wrong.at, wrong.particulars)) from None
        return text


class OwnCheckForm(forms.Form):
    """A check in the company's own words."""

    name = forms.CharField(label=_("What it is called"), max_length=200)
    flags = ExpressionField(
        label=_("It points at work items where"),
        help_text=_('For example: status = "Review" and days_since(status_since) > 5'),
    )
    among = ExpressionField(
        label=_("Among"), required=False,
        help_text=_("Which items it is a share of; empty: all that are open or were touched in the last 90 days. For example: kind = \"Story\""),
    )  # fmt: skip
    how = forms.CharField(
        label=_("How to mend it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ParametersForm(forms.Form):
    """What may be set of a check of the library."""

    def __init__(self, shipped: ShippedCheck, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in shipped.parameters:
            self.fields[one.name] = _field(one)


def _field(parameter: Parameter) -> forms.Field:
    words = str(parameter.words)
    label = words[:1].upper() + words[1:]
    if isinstance(parameter.default, int):
        return forms.IntegerField(label=label, min_value=1, max_value=99_999, initial=parameter.default)
    return forms.CharField(label=label, max_length=100, initial=parameter.default)


class RuleForm(forms.Form):
    """A rule over the history of work items."""

    rule = forms.ChoiceField(label=_("What is looked at"), choices=RuleKind)
    steps = forms.CharField(
        label=_("Steps, one on each line"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The statuses in the tool’s words. Phases: in their order. A step before another, something that must not follow, four eyes: the first one, then the other. An answer: the step, then all that answer it. A field: the step alone."),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("Working days, for an answer"), required=False, min_value=0, max_value=250
    )
    field_present = forms.CharField(
        label=_("Field, for what must be present"), required=False, max_length=100,
        help_text=_("As the tool calls it in its history; “Link” for any link."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The rule as it is written down, under `told`."""
        given = super().clean() or {}
        steps = [line.strip() for line in str(given.get("steps", "")).splitlines() if line.strip()][
            :MOST_STEPS
        ]
        kind = given.get("rule", "")
        if steps and len(steps) < (1 if kind == RuleKind.PRESENT else 2):
            self.add_error("steps", _("Write two steps at least, one on each line."))
        if kind == RuleKind.ANSWER and given.get("days") in (None, 0):
            self.add_error("days", _("Say within how many working days."))
        if kind == RuleKind.PRESENT and not given.get("field_present"):
            self.add_error("field_present", _("Say which field."))
        if not self.errors:
            given["told"] = told(kind, steps, given)
        return given


def told(kind: str, steps: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """A rule as it is written down."""
    found: dict[str, Any] = {"rule": kind}
    if kind == RuleKind.PHASES:
        return {**found, "phases": steps}
    if kind == RuleKind.ANSWER:
        return {**found, "step": steps[0], "answers": steps[1:], "days": given["days"]}
    if kind == RuleKind.NEVER:
        return {**found, "step": steps[0], "never": steps[1]}
    if kind == RuleKind.PRESENT:
        return {**found, "step": steps[0], "field_present": given["field_present"]}
    return {**found, "first": steps[0], "then": steps[1]}


def typed(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule that was written down, as it is typed."""
    steps = [
        *rule.get("phases", ()),
        *(rule[name] for name in ("first", "then", "step", "never") if name in rule),
    ]
    return {**rule, "steps": "\n".join([*steps, *rule.get("answers", ())])}


class ScopeForm(forms.Form):
    """One more unit in which a check looks."""

    def __init__(self, structure: Structure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(
            structure.all(), gettext("a unit"), label=gettext("Unit, with all under it")
        )


class AdaptationForm(forms.Form):
    """A team's own setting of a check."""

    is_off = forms.BooleanField(label=_("Off for this team"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    ends_on = DayField(label=_("Until"), help_text=_("Within a year: then it is looked at again."))

    def __init__(self, teams: list[Node], *args: Any, shipped: ShippedCheck | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "unit": UnitField(teams, gettext("a team"), label=gettext("For which team")),
            **{one.name: _field(one) for one in (shipped.parameters if shipped else ())},
            **self.fields,
        }
