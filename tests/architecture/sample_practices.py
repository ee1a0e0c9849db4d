"""Ways of working for the walk: one on trial with all that builds it."""

from tests import world
from tests.architecture.addresses import Address
from tests.architecture.sample_adoption import SampleAdoption
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.practices.actions.practices import create_practice

PAGES = ("practices:",)


class SamplePractices:
    """What the addresses of ways of working name."""

    def __init__(self, actor: User, reader: Person) -> None:
        now = world.NOW
        # A reader writes what they carry.
        self.row = create_practice(
            actor=actor, name="Demos on Fridays", language="en", carrier=reader, now=now
        )
        self.adoption = SampleAdoption(self.row)

    def of(self, _address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        known: dict[str, object] = {
            "practice_id": self.row.pk,
        }
        return known[name] if name in known else self.adoption.of(name, mine)
