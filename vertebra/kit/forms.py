"""How every form of the product is laid out."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """One column, labels above, help under, errors beside the field and summed up on top."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"
