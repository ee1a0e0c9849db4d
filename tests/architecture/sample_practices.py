"""Ways of working for the walk: one on trial with all that builds it."""

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.org.models import Person, UnitVersion
from vertebra.practices.actions.checks import choose_check
from vertebra.practices.actions.practices import create_practice
from vertebra.practices.models import CheckScope, RuleSuggestion
from vertebra.sources.models import Source

PAGES = ("practices:",)


class SamplePractices:
    """What the addresses of ways of working name."""

    def __init__(self, actor: User, reader: Person) -> None:
        now = world.NOW
        # A reader writes what they carry.
        self.row = create_practice(
            actor=actor, name="Demos on Fridays", language="en", carrier=reader, now=now
        )

        self.check = choose_check(actor=actor, practice=self.row, code="stale", parameters={}, now=now)
        self.habit = _habit()
        self.unit = UnitVersion.objects.as_of(world.TODAY).order_by("pk")[0].unit
        CheckScope.objects.create(check_row=self.check, unit=self.unit)

    def of(self, _address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "practice_id": self.row.pk,
            "check_id": self.check.pk,
            "code": "no_priority",
            "suggestion_id": self.habit.pk,
            "unit_id": self.unit.pk,
        }[name]


def _habit() -> RuleSuggestion:
    """A habit that was found in the history of work items."""
    source = Source.objects.create(name="Tracker of habits", made_at=world.NOW)
    rule = {"rule": "before", "first": "Review", "then": "Done"}
    return RuleSuggestion.objects.create(
        source=source, rule=rule, item_count=40, share=0.9, examples=["A-1"], computed_at=world.NOW
    )
