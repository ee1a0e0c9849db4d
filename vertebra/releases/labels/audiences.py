"""Words of audiences: what a rule may look at."""

from django.utils.translation import gettext_lazy as _

# What one condition of an audience may look at; values of a key are alternatives, keys hold together.
CONDITIONS = {
    "functions": _("function"),
    "units": _("unit, with those inside it"),
    "areas": _("area: those who own it, answer for it or carry it to the field"),
    "markets": _("market: those who own it or answer for it"),
    "roles": _("mandate"),
    "countries": _("country"),
    "languages": _("language"),
    "customer_facing": _("in front of customers, or not"),
    "audiences": _("another audience"),
}
# Functions that stand in front of customers.
CUSTOMER_FACING = frozenset({"sales", "support", "customer_success"})
