"""Results for the walk: an initiative not started, one that was measured, time that it asks for, a shared link."""

from tests import world
from tests.architecture.addresses import Address
from tests.roadmap import moved
from vertebra.accounts.actions.shared_links import share_page
from vertebra.accounts.models import User
from vertebra.discovery.models import PainPoint
from vertebra.org.models import Person
from vertebra.roadmap.actions.key_results import Wanted, capture_baseline, set_key_result
from vertebra.roadmap.actions.role_times import Spent, add_role_time
from vertebra.roadmap.actions.states import start_initiative
from vertebra.roadmap.models import Initiative, KeyResult, Result, RoleTime
from vertebra.roadmap.queries.role_times import LINK_PAGE

PAGES = (
    "roadmap:key-result-",
    "roadmap:initiative-baseline",
    "roadmap:role-time-",
    "roadmap:result-",
    "roadmap:time-",
)


def person_of(user: User) -> Person:
    """The person of an account, which is one of the directory."""
    found: Person | None = Person.objects.filter(user=user).first()
    if found is None:
        found = Person.objects.filter(user=None, archived_at=None).order_by("pk")[0]
        Person.objects.filter(pk=found.pk).update(user=user)
    return found


class SampleResults:
    """What the addresses of key results, results and time name."""

    def __init__(self, actor: User, pain_point: PainPoint, reader: User) -> None:
        self.waiting = moved.initiative(actor, answers=pain_point)
        self.open = self._aimed(actor, self.waiting)
        self.started = moved.initiative(actor)
        # A reader changes what they lead, and nothing else.
        Initiative.objects.filter(pk__in=(self.waiting.pk, self.started.pk)).update(lead=person_of(reader))
        self.measured = self._aimed(actor, self.started)
        capture_baseline(actor=actor, initiative=self.started, now=world.NOW)
        start_initiative(actor=actor, initiative=self.started, now=world.NOW)
        points = [[moved.month(at).isoformat(), 40.0, 41.0, 39.0, 43.0, at > 30] for at in range(36)]
        Result.objects.create(
            key_result=self.measured, method="series", analysis="impact 1", verdict="better", effect=4.0, low=2.0,
            high=6.0, total=24.0, total_low=12.0, total_high=36.0, expected=40.0, observed=44.0,
            series={"points": points}, checks={"before": 30, "after": 6, "cautions": ["gaps"]}, computed_at=world.NOW,
        )  # fmt: skip
        spent = Spent("asked", "product", 30, 20, "a meeting", world.TODAY)
        add_role_time(actor=actor, initiative=self.started, spent=spent, now=world.NOW)
        self.time = RoleTime.objects.get(initiative=self.started)
        entry, self.secret = share_page(actor=actor, page=LINK_PAGE, name="The walk", days=9, now=world.NOW)
        self.link = entry.object_id

    def _aimed(self, actor: User, row: Initiative) -> KeyResult:
        wanted = Wanted(name="Days to open", today=30.0, is_lower_better=True, target=20.0)
        return set_key_result(actor=actor, initiative=row, wanted=wanted, now=world.NOW)

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        is_before = "baseline" in address.name or "create" in address.name or "edit" in address.name
        is_before = is_before or "removal" in address.name
        return {
            "initiative_id": (self.waiting if is_before else self.started).pk,
            "key_result_id": (self.open if is_before else self.measured).pk,
            "role_time_id": self.time.pk,
            "link_id": self.link,
            "token": self.secret,
        }[name]
