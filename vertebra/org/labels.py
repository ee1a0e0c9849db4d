"""Words of the organisation: kinds of units and areas, functions, roles, states, rules and their findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Shipped kinds of units; a company adds its own as data, and these get words in both languages.
UNIT_KINDS = {
    "company": _("company"),
    "sphere": _("sphere"),
    "division": _("division"),
    "tribe": _("tribe"),
    "section": _("section"),
    "stage": _("stage"),
    "team": _("team"),
    "chapter": _("chapter"),
    "department": _("department"),
    "special-interest-group": _("special interest group"),
    "working-group": _("working group"),
    "committee": _("committee"),
    "squad": _("squad"),
    "group": pgettext_lazy("unit", "group"),
}
# Kinds that build the product, and so are expected to have a product manager, a designer and a lead.
TEAM_KINDS = frozenset({"team", "squad"})


class Function(TextChoices):
    PRODUCT = "product", _("Product")
    DESIGN = "design", _("Design")
    ENGINEERING = "engineering", _("Engineering")
    DATA = "data", _("Data")
    RESEARCH = "research", _("User research")
    QUALITY = "quality", _("Quality")
    SECURITY = "security", _("Security")
    DOCUMENTATION = "documentation", _("Documentation")
    OPERATIONS = "operations", _("Operations")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    CUSTOMER_SUCCESS = "customer_success", _("Customer success")
    FINANCE = "finance", _("Finance")
    PEOPLE = "people", _("Human resources")
    LEGAL = "legal", _("Legal")
    LEADERSHIP = "leadership", _("Leadership")
    OTHER = "other", pgettext_lazy("function", "Other")


class MandateRole(TextChoices):
    DIRECTOR = "director", _("Director")
    PRODUCT_MANAGER = "product_manager", _("Product manager")
    DESIGNER = "designer", _("Designer")
    ENGINEERING_LEAD = "engineering_lead", _("Engineering lead")
    LEAD = "lead", pgettext_lazy("mandate", "Lead")
    CHAMPION = "champion", _("Product Champion")
    PRACTICE_CARRIER = "practice_carrier", _("Practice carrier")
    KPI_OWNER = "kpi_owner", _("KPI owner")
    OTHER = "other", pgettext_lazy("mandate", "Other")


class Domain(TextChoices):
    """What work of Product Ops may be about: each field of action of a company covers some of it."""

    PROCESS = "process", _("ways of working and tools")
    KNOWLEDGE = "knowledge", _("product knowledge, up to the field")
    IMPACT = "impact", _("measuring impact")
    TALENT = "talent", _("people and organisation")
    CUSTOMER = "customer", _("what customers and the field say")


class AreaKind(TextChoices):
    PRODUCT = "product", _("Product area")
    JOURNEY = "journey", _("Customer journey")
    HAND_OVER = "hand_over", _("Hand-over")


class SpaceState(TextChoices):
    OPEN = "open", pgettext_lazy("empty space", "open")
    EXPLAINED = "explained", pgettext_lazy("empty space", "explained")
    BEING_FILLED = "being_filled", pgettext_lazy("empty space", "being filled")
    FILLED = "filled", pgettext_lazy("empty space", "filled")


# States in which something still waits for somebody, and those in which nothing does.
ACTIVE = (SpaceState.OPEN, SpaceState.BEING_FILLED)
SETTLED = frozenset({SpaceState.EXPLAINED, SpaceState.FILLED})


class SpaceRule(TextChoices):
    """Why Vertebra thinks that there is an empty space (blank: somebody reported it)."""

    NOBODY_OWNS = "nobody_owns", _("Nobody owns it")
    TWO_OWN = "two_own", _("Two or more own it")
    CHILDREN_DO_NOT_COVER = "children_do_not_cover", _("The units inside do not cover what their parent owns")
    NO_CHAMPION = "no_champion", _("The field has no champion for it")
    OBJECTIVE_UNCARRIED = "objective_uncarried", _("No team carries it, though leadership wants it")


class GapRule(TextChoices):
    """Vacancies and gaps in the data: work for an administrator, not for directors."""

    TEAM_WITHOUT_PM = "team_without_pm", _("Team that names no product manager")
    TEAM_PM_UNKNOWN = "team_pm_unknown", _("Team whose product manager is not in the directory")
    TEAM_WITHOUT_DESIGNER = "team_without_designer", _("Team that names no designer")
    TEAM_WITHOUT_LEAD = "team_without_lead", _("Team that names no engineering lead")
    HOLDER_UNKNOWN = "holder_unknown", _("The person named is not in the directory")
    HOLDER_LEFT = "holder_left", _("The person named has left")
    TRIFORCE_SEAT_VACANT = "triforce_seat_vacant", _("Seat of the triforce vacant")
    PERSON_WITHOUT_UNIT = "person_without_unit", _("Person in no unit")
    MANAGER_UNKNOWN = "manager_unknown", _("Manager who is not in the directory")
    REPORTING_LOOP = "reporting_loop", _("Reporting line that turns in a circle")
    UNIT_WITHOUT_PURPOSE = "unit_without_purpose", _("Unit that does not say what it is for")
    NO_NEIGHBOUR = "no_neighbour", _("Without an owner or a champion, and no neighbours to name")


# How an area or a market that nobody owns is said, by its kind.
UNOWNED = {
    "product": _("Nobody takes care of “%(name)s”"),
    "journey": _("Nobody sees the customer journey “%(name)s” through to its end"),
    "hand_over": _("Nobody takes care of the hand-over “%(name)s”"),
    "market": _("Nobody takes care of the market “%(name)s”"),
}
SPACE_TONES = {"open": "attention", "being_filled": "accent", "filled": "good", "explained": "neutral"}
# Gaps whose sentence needs no count, by their rule.
GAP_SENTENCES = {
    "team_without_pm": _("No product manager is named"),
    "team_without_designer": _("No designer is named"),
    "team_without_lead": _("No engineering lead is named"),
    "holder_left": _("%(names)s, named as %(role)s, has left"),
    "triforce_seat_vacant": _("No director of %(function)s is named, while others of the triforce are"),
    "person_without_unit": _("Works in no unit that is recorded"),
    "reporting_loop": _("The reporting line turns in a circle: %(people)s"),
    "unit_without_purpose": _("What it is for is not written yet"),
    "no_neighbour": _("No unit owns it, and no neighbours can be named"),
}
# What mends a gap, by its rule.
GAP_REMEDIES = {
    "team_without_pm": _(
        "Name a product manager on the team’s page, or add a member whose function is product."
    ),
    "team_pm_unknown": _(
        "Add the person to the directory, or name somebody who is in it on the team’s page."
    ),
    "team_without_designer": _(
        "Name a designer on the team’s page, or add a member whose function is design."
    ),
    "team_without_lead": _("Name an engineering lead on the team’s page."),
    "holder_unknown": _("Add the person to the directory, or give the mandate to somebody who is in it."),
    "holder_left": _("End the mandate on its page, or give it to somebody else."),
    "triforce_seat_vacant": _("Name the missing director on the unit’s page."),
    "person_without_unit": _("Add them to a unit on their page, or note the day they left."),
    "manager_unknown": _(
        "Add this manager to the directory, or correct the manager of the people who name them."
    ),
    "reporting_loop": _("Correct the manager of one of these people on their page."),
    "unit_without_purpose": _("Write in one sentence what the unit is for, on its page."),
    "no_neighbour": _("Give it an owner on its page."),
}
