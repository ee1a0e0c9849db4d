"""What people say of the statuses of a tool: where the work items that have them stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vertebra.evidence.labels import WorkCategory


class StatusesForm(forms.Form):
    """For each status, where work items that have it stand; left to the tool unless somebody says otherwise."""

    def __init__(
        self, *arguments: Any, statuses: Sequence[Mapping[str, Any]], said: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.statuses = statuses
        for number, status in enumerate(statuses):
            self.fields[f"status{number}"] = forms.ChoiceField(
                label=status["name"] or _("without a status"),
                choices=[("", _of_the_tool(status["category"])), *WorkCategory.choices],
                required=False,
                initial=said.get(status["name"], ""),
                widget=forms.Select(attrs={"class": "input"}),
            )

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        """Each status with its field."""
        return [(status, self[f"status{number}"]) for number, status in enumerate(self.statuses)]

    def meanings(self) -> dict[str, str]:
        """What was said of each status."""
        return {
            str(status["name"]): str(self.cleaned_data[f"status{number}"])
            for number, status in enumerate(self.statuses)
        }


def _of_the_tool(category: str) -> str:
    if not category:
        return _("the tool does not say")
    return _("as the tool says: %(category)s") % {"category": WorkCategory(category).label}
