"""Several people edit the same object: each form keeps what it showed, and passes on only what was changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.org.forms.fields import PlaceField

MOST_TOLD = 300


def remember_shown(form: forms.BaseForm) -> None:
    """Let the form send back, beside each value, the one it showed; the day of the change and ticks are always taken."""
    for name, field in form.fields.items():
        field.show_hidden_initial = name != "on" and not isinstance(field, forms.MultipleChoiceField)


def keep_only_changed(form: forms.BaseForm) -> bool:
    """Leave in a valid form only what the person changed; false when somebody else changed the same meanwhile."""
    overtaken: dict[str, Any] = {}
    for name, field in form.fields.items():
        shown_name = form.add_initial_prefix(name)
        if not field.show_hidden_initial or shown_name not in form.data or name not in form.cleaned_data:
            continue
        holding = field.prepare_value(form.get_initial_for_field(field, name))
        shown, now = _plain(field, form.data.get(shown_name)), _plain(field, holding)
        typed = _plain(field, form[name].data)
        if typed in {shown, now}:
            del form.cleaned_data[name]
        elif shown != now:
            overtaken[name] = holding
    if overtaken:
        _refuse(form, overtaken)
    return not overtaken


def _refuse(form: forms.BaseForm, overtaken: dict[str, Any]) -> None:
    """Say what each of these fields is by now, and take that as shown: who saves again has read it."""
    data = {name: [value] for name, value in form.data.items()}
    for name, holding in overtaken.items():
        data[form.add_initial_prefix(name)] = ["" if holding is None else str(holding)]
        told = _told(form.fields[name], holding)
        if told:
            text = _("Somebody changed this meanwhile: it is now “%(value)s”. Save again to replace it.")
        else:
            text = _("Somebody emptied this meanwhile. Save again to fill it with yours.")
        form.add_error(name, ValidationError(text, params={"value": told}))
    form.data = MultiValueDict(data)


def _plain(field: forms.Field, raw: Any) -> str:
    """A value so that the same one written in two ways, by a browser and by the database, is the same."""
    try:
        value = field.clean(raw)
    except ValidationError:
        value = raw
    if isinstance(value, Model):
        return str(value.pk)
    return "" if value is None else "\n".join(str(value).strip().splitlines())


def _told(field: forms.Field, holding: Any) -> str:
    """A value as the form's reader knows it: the words of a choice, the name of a place."""
    if isinstance(holding, bool):
        return pgettext("value", "yes") if holding else pgettext("value", "no")
    if isinstance(field, PlaceField) and holding:
        return field.named(holding)
    if isinstance(field.widget, forms.Select):
        return str(dict(field.widget.choices).get(holding, holding))
    return "" if holding is None else str(holding)[:MOST_TOLD]
