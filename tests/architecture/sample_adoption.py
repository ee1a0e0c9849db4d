"""Adoption for the walk: everybody leads a team that lives by a practice, and has a card of it; a doubt, an adaptation."""

import datetime as dt

from tests import world
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person, Unit, UnitVersion
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import (
    Adaptation,
    Adoption,
    AdoptionCard,
    CoAuthor,
    ObservationDoubt,
    Practice,
    PracticeReach,
)

SECRET = "8" * 64


class SampleAdoption:
    """What the addresses of adoption name."""

    def __init__(self, row: Practice) -> None:
        team = UnitVersion.objects.as_of(world.TODAY).filter(kind__is_team=True).order_by("pk")[5].unit
        row.state = PracticeState.TRIAL
        row.save(update_fields=["state"])
        PracticeReach.objects.create(
            practice=row, unit=None, reach="standard", is_registered=True, starts_on=world.TODAY - dt.timedelta(days=40),
            created_at=world.NOW,
        )  # fmt: skip
        since = world.TODAY - dt.timedelta(days=30)
        Adoption.objects.create(
            practice=row, unit=team, state="adopted", source="observed", is_willing=True, starts_on=since,
            visible_from=since + dt.timedelta(days=14), created_at=world.NOW,
        )  # fmt: skip
        self.adaptation = Adaptation.objects.create(
            practice=row, unit=team, kind="adapted", reason="We ship on Mondays.", language="en", starts_on=since,
            ends_on=world.TODAY + dt.timedelta(days=60), created_at=world.NOW,
        )  # fmt: skip
        self.doubt = ObservationDoubt.objects.create(
            practice=row, unit=team, words="The board moved.", language="en", at=world.NOW
        )
        # The demo asked this team already.
        AdoptionCard.objects.filter(unit=team).delete()
        self.team, self.cards = team, {}
        for at, user in enumerate(User.objects.order_by("pk")):
            if person := person_of(user):
                self.cards[user.pk] = _leads(person, team, row, at)

    def of(self, name: str, mine: User) -> object:
        """The sample for one parameter."""
        return {
            "unit_id": self.team.pk,
            "adaptation_id": self.adaptation.pk,
            "doubt_id": self.doubt.pk,
            "card_id": self.cards.get(mine.pk, 0),
            "token": SECRET,
        }[name]


def _leads(person: Person, team: Unit, row: Practice, at: int) -> int:
    """Somebody leads the team, builds the practice, and has a card of a quarter of their own."""
    Mandate.objects.create(
        person=person, role=MandateRole.LEAD, unit=team, starts_on=world.TODAY - dt.timedelta(days=90)
    )
    CoAuthor.objects.get_or_create(practice=row, person=person, defaults={"added_at": world.NOW})
    card = AdoptionCard.objects.create(
        unit=team, quarter=dt.date(2026, 10, 1) - dt.timedelta(days=92 * at), person=person,
        digest=digest_of(str(at) if at else SECRET), asked_at=world.NOW,
        expires_at=world.NOW + dt.timedelta(days=30),
    )  # fmt: skip
    return card.pk
