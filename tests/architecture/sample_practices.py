"""Ways of working for the walk: one on trial with all that builds it."""

from tests import world
from tests.architecture.addresses import Address
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

    def of(self, _address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "practice_id": self.row.pk,
        }[name]
