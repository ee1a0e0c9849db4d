"""Ways of working for the walk: one that a reader carries, with all that builds it, validated and announced."""

from collections.abc import Sequence
from typing import Any

from tests import world
from tests.architecture.addresses import Address
from tests.architecture.sample_adoption import SampleAdoption
from tests.architecture.sample_routines import SampleRoutines
from vertebra.accounts.models import User
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.contributions import add_co_author, contribute
from vertebra.practices.actions.life import start_trial
from vertebra.practices.actions.practices import create_practice, register_practice
from vertebra.practices.actions.templates import add_template
from vertebra.practices.actions.versions import set_costs, write_text
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import Practice

PAGES = ("practices:",)
TEXT = {"why": "Nobody saw what was done.", "steps": "1. Show it\n2. Ask what is missing"}


class SamplePractices:
    """What the addresses of ways of working name."""

    def __init__(self, actor: User, users: Sequence[User], reader: Person) -> None:
        given: dict[str, Any] = {"actor": actor, "now": world.NOW}
        unit = Unit.objects.order_by("pk")[0]
        # A reader writes what they carry.
        self.row: Practice = create_practice(name="Demos on Fridays", language="en", carrier=reader, **given)
        write_text(practice=self.row, language="en", changes=TEXT, **given)
        set_costs(practice=self.row, costs={"product": 60}, **given)
        start_trial(practice=self.row, unit=unit, language="en", **given)
        self.co_author = Person.objects.exclude(pk=reader.pk).order_by("pk")[0]
        add_co_author(practice=self.row, person=self.co_author, **given)
        said: dict[str, Any] = {"person": self.co_author, "kind": "objection", "words": "Not on Fridays.", "language": "en"}
        self.contribution = contribute(practice=self.row, **said, **given)
        self.template = add_template(
            practice=self.row, title="Agenda", language="en", body="1. Hello", **given
        )
        self.lived = register_practice(
            name="Weekly", language="en", units=[unit], reach=Reach.STANDARD, carrier=reader, **given
        )
        self.adoption = SampleAdoption(self.row)
        self.routines = SampleRoutines(actor, users, reader)

    def of(self, _address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        known: dict[str, object] = {
            "practice_id": self.row.pk,
            "language": "en",
            "code": "discovery-method",
            "template_id": self.template.pk,
            "trial_id": self.row.trials.get().pk,
            "contribution_id": self.contribution.pk,
            "co_author_id": self.row.co_authors.get().pk,
            "reach_id": self.lived.reaches.get().pk,
            **self.routines.of(mine),
        }
        return known[name] if name in known else self.adoption.of(name, mine)
