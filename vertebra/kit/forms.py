"""How every form of the product is laid out."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from vertebra.kit.files import labels as file_labels
from vertebra.kit.files.problems import Code, Problem


class FormRenderer(TemplatesSetting):
    """One column, labels above, help under, errors beside the field and summed up on top."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"


class LongSelect(forms.Select):
    """A select of hundreds of choices, written in one go instead of through a template for each choice."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The select as HTML; the choice that holds is marked."""
        held = {str(one) for one in self.format_value(value)}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((v, mark_safe(" selected") if str(v) in held else "", label) for v, label in self.choices),
        )
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})),
            options,
        )


class GivenFile(forms.FileField):
    """A file; one that is empty is refused by its name, with what to do about it."""

    def to_python(self, data: Any) -> Any:
        """The file, which holds something."""
        try:
            return super().to_python(data)
        except forms.ValidationError as error:
            if error.code != "empty":
                raise
            problem = Problem(str(data.name), None, None, Code.FILE_EMPTY)
            raise forms.ValidationError(file_labels.told(problem), code="empty") from error


class InPlace(forms.Form):
    """A form that is also filled one field at a time, where the page is edited in place."""

    def keep_given(self) -> None:
        """Ask only for the fields that were sent."""
        for name in list(self.fields):
            if name not in self.data:
                del self.fields[name]
