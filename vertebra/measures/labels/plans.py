"""Words of ratios and of the hiring plan."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.org.labels import Function

# What a ratio may count besides functions: who has a manager, and who is one.
REPORTS, MANAGERS = "reports", "managers"
COUNTED = [
    *Function.choices,
    (REPORTS, _("people who have a manager")),
    (MANAGERS, _("managers")),
]
# How those of one function are spoken of; others by the name of their function.
PEOPLE_OF = {
    "product": _("product managers"),
    "design": _("designers"),
    "engineering": _("engineers"),
    "sales": _("people in sales"),
    "support": _("people in support"),
    REPORTS: _("people"),
    MANAGERS: _("managers"),
}
ONE_OF = {
    "product": _("One product manager"),
    "design": _("One designer"),
    "engineering": _("One engineer"),
    MANAGERS: _("One manager"),
}
SALES_AND_SUPPORT = pgettext_lazy("a ratio", "people in sales and support")

# The ratios that ship: what they are called, of how many there are for one of whom, and above what it is too many.
SHIPPED = (
    ("engineers", _("Engineers per product manager"), ("engineering",), ("product",), 10.0, True),
    ("sales", _("Sales and support per product manager"), ("sales", "support"), ("product",), 8.0, False),
    ("span", _("People per manager"), (REPORTS,), (MANAGERS,), 10.0, False),
)
