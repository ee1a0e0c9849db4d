"""What people say of the statuses of a tool: where the work items that have them stand."""

import hashlib
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
        for status in statuses:
            self.fields[field_of(status)] = forms.ChoiceField(
                label=status["name"] or _("without a status"),
                choices=[("", _of_the_tool(status["category"])), *WorkCategory.choices],
                required=False,
                initial=said.get(status["name"], ""),
                widget=forms.Select(attrs={"class": "input"}),
            )

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        """Each status with its field."""
        return [(status, self[field_of(status)]) for status in self.statuses]

    def meanings(self) -> dict[str, str]:
        """What was said of each status; of one that came in since the page was opened, nothing."""
        return {
            str(status["name"]): str(self.cleaned_data[field_of(status)])
            for status in self.statuses
            if field_of(status) in self.data
        }


def field_of(status: Mapping[str, Any]) -> str:
    """What a status is called in the form, wherever it stands in it: an import may end meanwhile."""
    return "status-" + hashlib.blake2b(status["name"].encode(), digest_size=8).hexdigest()


def _of_the_tool(category: str) -> str:
    if not category:
        return _("the tool does not say")
    return _("as the tool says: %(category)s") % {"category": WorkCategory(category).label}
