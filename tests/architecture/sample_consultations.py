"""Consultations for the walk: one that everybody is asked, one that each asks, a link, and something passed on."""

import datetime as dt

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Area, Mandate, Person
from vertebra.releases.labels.consultations import AskState
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk, Relay, Release
from vertebra.roadmap.models import Initiative

PAGES = ("releases:consultation-", "releases:initiative-consultations", "releases:desk", "releases:relay-")
# Open to whoever asks it.
LED = {f"releases:consultation-{what}" for what in ("people", "edit", "closing")}
SECRET = "7" * 64


class SampleConsultations:
    """What the addresses of consultations and of the desk name."""

    def __init__(self, users: list[User], reader: Person, release: Release) -> None:
        self.reader = reader
        area = Area.objects.order_by("pk")[0]
        self.row = _consultation(reader, release, area)
        people = {user.pk: person_of(user) or _person(user) for user in users}
        self.own = {user: _consultation(person, release, area).pk for user, person in people.items()}
        self.relays: dict[int, int] = {}
        for at, (user, person) in enumerate(people.items()):
            mandate = Mandate.objects.create(
                person=person, role=MandateRole.CHAMPION, area=area, function="sales", hours_per_month=2,
                starts_on=world.TODAY - dt.timedelta(days=90),
            )  # fmt: skip
            ask = ConsultationAsk.objects.create(
                consultation=self.row, mandate=mandate, person=person, digest=digest_of(SECRET if not at else str(at)),
                state=AskState.ANSWERED if at else AskState.WAITING, asked_at=world.NOW,
                expires_at=world.NOW + dt.timedelta(days=30),
            )  # fmt: skip
            if at:
                ConsultationAnswer.objects.create(
                    ask=ask, impact="high", language="en", answered_at=world.NOW
                )
            relay = Relay.objects.create(
                mandate=mandate, person=person, release=release, line="Shoes pinch.", language="en", minutes=3,
                passed_at=world.NOW,
            )  # fmt: skip
            self.relays[user] = relay.pk

    def of(self, address: Address, name: str, mine: User) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "consultation_id": self.own[mine.pk] if address.name in LED else self.row.pk,
            "initiative_id": Initiative.objects.order_by("pk")[0].pk,
            "person_id": self.reader.pk,
            "relay_id": self.relays[mine.pk],
            "token": SECRET,
        }[name]


def _consultation(asked_by: Person, release: Release, area: Area) -> Consultation:
    return Consultation.objects.create(
        title="Shoes in the app", details="New shoes.", language="en", release=release, area=area, asked_by=asked_by,
        made_by=asked_by.user, due_on=world.TODAY + dt.timedelta(days=5), created_at=world.NOW,
    )  # fmt: skip


def _person(user: User) -> Person:
    return Person.objects.create(
        user=user, name=user.name, name_folded=user.name.lower(), email=user.email, created_at=world.NOW
    )
