"""Ways of working for the walk: practices and all that hangs on them."""

from collections.abc import Sequence

from tests import world
from tests.architecture.addresses import Address
from tests.architecture.sample_adoption import SampleAdoption
from tests.architecture.sample_lives import SampleLives
from tests.architecture.sample_routines import SampleRoutines
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.practices.actions.practices import create_practice
from vertebra.practices.models import Practice

PAGES = ("practices:",)


class SamplePractices:
    """What the addresses of ways of working name."""

    def __init__(self, actor: User, users: Sequence[User], reader: Person) -> None:
        self.row: Practice = create_practice(
            actor=actor, name="Demos on Mondays", language="en", carrier=reader, now=world.NOW
        )
        self.lives = SampleLives(users, reader)
        self.adoption = SampleAdoption(self.row)
        self.routines = SampleRoutines(actor, users, reader)

    def of(self, _address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        known = self.lives.of(mine) | self.routines.of(mine)
        return known[name] if name in known else self.adoption.of(name, mine)
