"""A real object for each parameter of an address, belonging to whoever asks where it must."""

import datetime as dt
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils.http import int_to_base36
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from tests import world
from tests.architecture import (
    sample_audits,
    sample_consultations,
    sample_incidents,
    sample_interviews,
    sample_launches,
    sample_learning,
    sample_measures,
    sample_practices,
    sample_releases,
    sample_reports,
    sample_results,
    sample_roadmap,
    sample_tables,
)
from tests.architecture.addresses import Address
from tests.architecture.sample_surveys import SampleSurveys
from vertebra.accounts.actions.chats import Given, connect_chat
from vertebra.accounts.actions.comments import add_comment
from vertebra.accounts.actions.doors import make_owner_link
from vertebra.accounts.actions.invitations import invite_person
from vertebra.accounts.actions.shared_links import share_page
from vertebra.accounts.actions.tokens import make_token
from vertebra.accounts.actions.views import keep_view
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import Message, User
from vertebra.accounts.permissions import roles_to_give
from vertebra.accounts.together import card_of
from vertebra.accounts.tokens import stop_token
from vertebra.analysis.diagnosis import SYMPTOMS
from vertebra.discovery.actions.charters import start_charter
from vertebra.discovery.actions.diagnoses import start_diagnosis
from vertebra.discovery.actions.help_requests import ask_for_help, plan_help
from vertebra.discovery.actions.invitations import hand_link
from vertebra.discovery.actions.stages import Effort, note_stage
from vertebra.discovery.labels import HelpForm, Moment, PainState
from vertebra.discovery.models import Charter, Evidence, Guide, HelpRequest, ReAsk, Stance, ToHear
from vertebra.discovery.queries.charters import LINK_PAGE
from vertebra.kit.jobs.upkeep import forget_old_jobs
from vertebra.org.empty_spaces import WITH_UNITS
from vertebra.org.labels import AreaKind
from vertebra.org.models import (
    Area,
    AreaVersion,
    EmptySpace,
    Field,
    Gap,
    Mandate,
    Market,
    Membership,
    Ownership,
    Person,
    Unit,
    UnitVersion,
)
from vertebra.releases.feeds import CALENDAR
from vertebra.sources.models import Connection, ImportRun, Source

PASSWORD = make_password(world.PASSWORD)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@contextmanager
def undone() -> Iterator[None]:
    """Take everything back that happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def accounts() -> dict[str, User]:
    """One account of each role, named after it, with a password and a second factor."""
    made = {role.value: world.account(f"{role.value} of the walk", role) for role in Role}
    for user in made.values():
        user.password = PASSWORD
        user.save()
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return made


def browser(user: User | None = None, **options: Any) -> Client:
    """A browser on this machine, signed in as somebody or as nobody, that shows faults instead of raising them."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        # Somebody who has just proved who they are: what asks for it once more opens.
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


class Samples:
    """Objects of the demo company, and of each account what only its owner may open."""

    def __init__(self, users: dict[str, User]) -> None:
        cache.clear()
        self.users = users
        self.someone = users[Role.PRODUCT_OPS]
        self.secrets = {
            "invitation": self._invitation(),
            "owner": make_owner_link(actor=None, now=world.NOW).rstrip("/").rsplit("/", 1)[-1],
            "report": self._secret_of(WITH_UNITS),
            "charter": self._secret_of(LINK_PAGE),
            "feed": self._secret_of(CALENDAR.page),
        }
        self.to_hear, self.secrets["hearing"] = self._to_hear()
        self.surveys = SampleSurveys(users.values())
        self.audits = sample_audits.SampleAudits(self.someone)
        self.interviews = sample_interviews.SampleInterviews(self.someone)
        self.tables = sample_tables.SampleTables(self.someone, list(users.values()))
        self.results = sample_results.SampleResults(self.someone, self.audits.pain_point, users[Role.READER])
        reader = Person.objects.get(user=users[Role.READER])
        self.roadmap = sample_roadmap.SampleRoadmap(self.someone, self.audits.win, reader)
        self.measures = sample_measures.SampleMeasures(self.someone, users.values(), reader)
        self.reports = sample_reports.SampleReports(self.someone, self.roadmap.row.pk)
        self.launches = sample_launches.SampleLaunches(
            self.someone, sample_results.person_of(users[Role.READER])
        )
        self.incidents = sample_incidents.SampleIncidents(self.someone, reader)
        self.releases = sample_releases.SampleReleases(self.someone, reader)
        self.consultations = sample_consultations.SampleConsultations(
            list(users.values()), reader, self.releases.row
        )
        self.practices = sample_practices.SamplePractices(self.someone, list(users.values()), reader)
        self.learning = sample_learning.SampleLearning(self.someone, list(users.values()), reader)
        self.journey = Area.objects.filter(kind=AreaKind.JOURNEY).order_by("pk")[0].pk
        self.values: dict[str, Callable[[User], object]] = self._shared() | self._own()
        # Pages that are opened from another page, with what they are about.
        self.queries = {
            "org:membership-create": f"?person={self.values['person_id'](self.someone)}",
            "releases:consultation-create": f"?release={self.releases.row.pk}",
        }

    def path(self, address: Address, user: User | None) -> str:
        """The address with a sample for each parameter; a parameter without one fails."""
        mine = user or self.someone

        def sample(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            if name == "secret":
                part = next((one for one in ("owner", "feed") if one in address.name), "invitation")
                return self.secrets[part]
            if address.name == "accounts:feed-create":
                return {"page": CALENDAR.page, "object_id": "0"}[name]
            if address.name == "org:step-edit":
                return str(self.journey)
            if address.name == "discovery:stance-subject":
                return str(Kind.PAIN_POINT if name == "kind" else self.values["pain_point_id"](mine))
            for module, told in self._told(mine).items():
                if address.name.startswith(module.PAGES):
                    return str(told(address, name))
            if address.name in {"discovery:charter-version", "discovery:charter-difference-list"}:
                return str(Charter.objects.filter(published_at__isnull=False).latest("pk").pk)
            if name == "survey_id":
                return str(self.surveys.of(address.name))
            if name == "token" and address.name == "accounts:mail-stop":
                return stop_token(user=mine.pk, email="", kind="releases")
            if name == "token" and address.name == "evidence:answer-by-link":
                return self.surveys.secret
            if name == "token":
                part = next((one for one in ("hearing", "charter") if one in address.name), "report")
                return self.secrets[part]
            return str(self.values[name](mine))

        path = PARAMETER.sub(sample, address.route.replace("^", "").replace("$", ""))
        return path + str(self.queries.get(address.name, ""))

    def _told(self, mine: User) -> dict[Any, Callable[[Address, str], object]]:
        """Who names the samples of which addresses; the first that knows an address says."""
        return {
            sample_audits: self.audits.of,
            sample_reports: self.reports.of,
            sample_incidents: self.incidents.of,
            sample_consultations: lambda address, name: self.consultations.of(address, name, mine),
            sample_practices: lambda address, name: self.practices.of(address, name, mine),
            sample_releases: self.releases.of,
            sample_learning: lambda address, name: self.learning.of(address, name, mine),
            sample_measures: lambda address, name: self.measures.of(address, name, mine),
            sample_tables: lambda address, name: self.tables.of(address, name, mine),
            sample_interviews: lambda _address, name: self.interviews.of(name),
            sample_results: self.results.of,
            sample_launches: self.launches.of,
            sample_roadmap: self.roadmap.of,
        }

    def _shared(self) -> dict[str, Callable[[User], object]]:
        team = UnitVersion.objects.as_of(world.TODAY).filter(kind__is_team=True).order_by("pk")[3].unit_id
        area = AreaVersion.objects.as_of(world.TODAY).order_by("pk")[0].area_id
        found: dict[str, object] = {
            "unit_id": Unit.objects.get(pk=team).pk,
            "area_id": Area.objects.get(pk=area).pk,
            "person_id": Membership.objects.as_of(world.TODAY).order_by("pk")[5].person_id,
            "membership_id": Membership.objects.as_of(world.TODAY).order_by("pk")[5].pk,
            "mandate_id": Mandate.objects.as_of(world.TODAY).order_by("pk")[0].pk,
            "ownership_id": Ownership.objects.as_of(world.TODAY).order_by("pk")[0].pk,
            "market_id": Market.objects.order_by("pk")[0].pk,
            "field_id": Field.objects.order_by("pk")[0].pk,
            "space_id": EmptySpace.objects.filter(archived_at=None, merged_into=None).order_by("pk")[0].pk,
            "gap_id": Gap.objects.filter(ended_on=None).order_by("pk")[0].pk,
            "job_id": self._job(),
            "chat_id": self._chat(),
            "kind": Kind.UNIT,
            "object_id": team,
            "page": "org:person-list",
            "import_id": self._import(),
            "run_id": self._import(),
            "source_id": Source.objects.order_by("pk")[0].pk,
            "system": "jira",
            "system_id": self._system(),
            "user_id": User.objects.filter(is_cast=True).order_by("pk")[1].pk,
            "uidb36": int_to_base36(self.someone.pk),
            "key": default_token_generator.make_token(self.someone),
            "link_id": self._link,
            "guide_id": Guide.objects.filter(archived_at=None).order_by("pk")[0].pk,
            "campaign_id": self.to_hear.campaign_id,
            "to_hear_id": self.to_hear.pk,
            **self._function(),
            **self._pains(),
            "question_id": self.surveys.question.pk,
            "closed_survey_id": self.surveys.closed.pk,
            "theme_id": self.surveys.theme.pk,
        }
        return {name: lambda user, value=value: value for name, value in found.items()}  # type: ignore[misc]

    def _own(self) -> dict[str, Callable[[User], object]]:
        made = {user.pk: self._of(user) for user in self.users.values()}
        names = next(iter(made.values()))
        return {name: lambda user, name=name: made[user.pk][name] for name in names}  # type: ignore[misc]

    def _of(self, user: User) -> dict[str, object]:
        unit = Unit.objects.order_by("pk")[0]
        card = card_of(user, Kind.UNIT, unit.pk)
        assert card is not None
        comment, entry = add_comment(actor=user, card=card, body="Seen.", now=world.NOW)
        token, _raw = make_token(
            actor=user,
            name="walk",
            scopes=["read"],
            expires_at=world.NOW + dt.timedelta(days=9),
            now=world.NOW,
        )
        view, _entry = keep_view(
            actor=user,
            page="org:person-list",
            name="walk",
            url="/organisation/people/?sort=name",
            is_shared=False,
            now=world.NOW,
        )
        store = SessionStore()
        store.create()
        session = UserSession.objects.create(
            user=user, session_key=store.session_key, ip="127.0.0.1", user_agent="Walk", data={}
        )
        return {
            "comment_id": comment.pk,
            "entry_id": entry.pk,
            "token_id": token.pk,
            "view_id": view.pk,
            "message_id": self._message(user, unit.pk),
            "session_id": session.pk,
        }

    def _message(self, user: User, unit_id: int) -> int:
        made = Message.objects.create(
            key=f"walk-{user.pk}",
            to_user=user,
            language="fr",
            template="comment",
            particulars={},
            address=f"/organisation/units/{unit_id}/",
            created_at=world.NOW,
        )
        return made.pk

    def _secret_of(self, page: str) -> str:
        return share_page(actor=self.someone, page=page, name="The walk", days=9, now=world.NOW)[1]

    def _chat(self) -> int:
        given = Given("Sales", "slack", "webhook", "https://hooks.example.org/x")
        return connect_chat(actor=self.users[Role.ADMINISTRATOR], given=given, now=world.NOW)[0].pk

    def _invitation(self) -> str:
        link, address = invite_person(
            actor=self.someone,
            email="invited@example.org",
            name="Invited",
            role=roles_to_give(self.someone)[0],
            language="fr",
            now=world.NOW,
        )
        self._link = link.pk
        return address.rstrip("/").rsplit("/", 1)[-1]

    def _to_hear(self) -> tuple[ToHear, str]:
        """Somebody of a campaign under way, with a link of their own."""
        rows = ToHear.objects.filter(campaign__closed_at=None).select_related("campaign", "person")
        row = rows.order_by("pk")[0]
        address, _entry = hand_link(actor=self.someone, row=row, now=world.NOW)
        return row, address.rstrip("/").rsplit("/", 1)[-1]

    def _pains(self) -> dict[str, object]:
        """A confirmed pain point with what shows it, an asking that is due, and how a team stands towards it."""
        rows = Evidence.objects.filter(pain_point__state=PainState.CONFIRMED, ended_at=None)
        evidence = rows.order_by("-pain_point__evidence_count", "pk")[0]
        pain_point = evidence.pain_point
        asking = ReAsk.objects.create(pain_point=pain_point, moment=Moment.SIX_MONTHS, due_on=world.TODAY)
        about = {"kind": Kind.PAIN_POINT, "object_id": pain_point.pk}
        unit = Unit.objects.order_by("pk")[0]
        stance = Stance.objects.create(
            unit=unit, level=1, noted_on=world.TODAY, created_at=world.NOW, **about
        )
        return {
            "pain_point_id": pain_point.pk,
            "evidence_id": evidence.pk,
            "re_ask_id": asking.pk,
            "stance_id": stance.pk,
        }

    def _function(self) -> dict[str, object]:
        """What Product Ops says of itself: its charter, a diagnosis, the stage of a field, help asked of it."""
        ops = self.someone
        draft = Charter.objects.filter(published_at=None).first()
        if draft is None:
            draft_id = start_charter(actor=ops, language="en", now=world.NOW).object_id
        else:
            draft_id = draft.pk
        answers = {symptom.code: 4 for symptom in SYMPTOMS}
        diagnosis = start_diagnosis(actor=ops, answers=answers, language="fr", now=world.NOW)
        effort = Effort(50, 30, 20, ["expert"])
        stage = note_stage(actor=ops, field=Field.objects.order_by("pk")[0], effort=effort, now=world.NOW)
        asked = ask_for_help(actor=ops, sentence="A hand", language="en", unit=None, now=world.NOW)
        help_request = HelpRequest.objects.get(pk=asked.object_id or 0)
        session = HelpForm.SESSION
        plan_help(actor=ops, request=help_request, form=session, held_on=world.TODAY, now=world.NOW)
        return {
            "charter_id": draft_id,
            "diagnosis_id": diagnosis.object_id,
            "stage_id": stage.object_id,
            "request_id": asked.object_id,
            "document": "register",
            "language": "fr",
        }

    def _system(self) -> int:
        """A connected system that nobody ever reaches."""
        row, _made = Source.objects.get_or_create(name="system", kind="jira", defaults={"made_at": world.NOW})
        Connection.objects.get_or_create(source=row, address="https://jira.invalid")
        return row.pk

    def _import(self) -> int:
        source = Source.objects.order_by("pk").first()
        if source is None:
            source = Source.objects.create(name="walk", is_demo=True, made_at=world.NOW)
        return ImportRun.objects.get_or_create(
            source=source, target="org", defaults={"made_by": self.someone, "made_at": world.NOW}
        )[0].pk

    def _job(self) -> uuid.UUID:
        path = f"{forget_old_jobs.func.__module__}.{forget_old_jobs.func.__qualname__}"
        return DBTaskResult.objects.create(
            task_path=path,
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
            status=TaskResultStatus.FAILED,
            run_after=get_date_max(),
            exception_class_path="builtins.ValueError",
            traceback="ValueError: a fault",
            worker_ids=["walk"],
        ).pk
