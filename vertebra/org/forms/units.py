"""What people may type about units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import FromDay, PlaceField
from vertebra.org.models import UnitKind
from vertebra.org.queries.structure import Node, Structure


class UnitForm(FromDay):
    """A unit: its name, kind, place, what it is for and how to work with it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ModelChoiceField(UnitKind.objects.none(), label=_("Kind"), empty_label=None)
    purpose = forms.CharField(
        label=_("What we are for"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences that somebody from another team understands."),
    )
    how_to_work = forms.CharField(
        label=_("How to work with us"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where to ask, what to bring, when an answer comes."),
    )

    def __init__(self, *args: Any, structure: Structure, unit_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = structure.under(unit_id) if unit_id else set()
        nodes = [node for node in structure.all() if node.id not in inside]
        self.fields["parent"] = PlaceField(
            nodes, str(_("No other unit: it stands at the top")), label=_("Belongs to"), required=False
        )
        kinds = self.fields["kind"]
        if isinstance(kinds, forms.ModelChoiceField):
            kinds.queryset = UnitKind.objects.all()
        self.order_fields(["name", "kind", "parent", "purpose", "how_to_work", "on"])


class UnitCloseForm(FromDay):
    """When a unit closes, and what becomes of what it holds."""

    contents = forms.ChoiceField(label=_("What it holds"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, node: Node, parent: Node | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        if parent is not None:
            label = _("Its units, people and what it owns go to %(name)s") % {"name": parent.name}
            choices.append(("to_parent", str(label)))
        other = _("Everything inside closes with it; its people stay in the directory")
        choices.append(("together", str(other)))
        contents = self.fields["contents"]
        if node.children or node.own_members:
            if isinstance(contents, forms.ChoiceField):
                contents.choices = choices
            contents.required = True
        else:
            del self.fields["contents"]
