"""What could become a topic: pain points put to the directors, audits, empty spaces, incidents, costs asked again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import cards_of
from vertebra.analysis.re_ask import COSTLY
from vertebra.discovery.labels import Moment, PainState
from vertebra.discovery.models import AuditItem, PainPoint, ReAsk
from vertebra.discovery.queries.audits import published
from vertebra.discovery.queries.pain_points import open_to
from vertebra.evidence.models import Incident
from vertebra.org.empty_spaces import open_spaces
from vertebra.org.labels import ACTIVE
from vertebra.roadmap.models import Topic

MOST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """One object that could become a topic: its name, where it is read, and why now."""

    kind: str
    id: int
    title: str
    url: str
    why: str
    is_picked: bool = False

    @property
    def value(self) -> str:
        """The object as a form sends it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Source:
    """Objects of one kind that could become topics."""

    label: str
    found: list[Found]


def gathered(user: User) -> list[Source]:
    """Everything that waits to become a topic, by where it comes from; what is a topic already is left out."""
    known = set(
        Topic.objects.filter(archived_at=None).exclude(origin_kind="").values_list("origin_kind", "origin_id")
    )
    sources: list[tuple[str, Callable[[User], Iterator[tuple[str, int, str, bool]]]]] = [
        (_("Pain points put to the directors"), _put),
        (_("At the top of the latest audit"), _audited),
        (_("Asked again, and it still costs as much"), _costing),
        (_("Empty spaces that several people reported"), _spaces),
        (_("Incidents whose post-mortem was held"), _incidents),
    ]
    told = [(label, [row for row in read(user) if row[:2] not in known]) for label, read in sources]
    by_kind: dict[str, list[int]] = {}
    for _label, rows in told:
        for kind, pk, _why, _picked in rows:
            by_kind.setdefault(kind, []).append(pk)
    cards = {kind: cards_of(user, kind, ids) for kind, ids in by_kind.items()}
    seen: set[tuple[str, int]] = set()
    found = []
    for label, rows in told:
        items = []
        for kind, pk, why, is_picked in rows:
            card = cards[kind].get(pk)
            if card is not None and (kind, pk) not in seen:
                seen.add((kind, pk))
                items.append(Found(kind, pk, card.title, card.url, why, is_picked))
        if items:
            found.append(Source(label, items))
    return found


def _put(user: User) -> Iterator[tuple[str, int, str, bool]]:
    rows = open_to(user).filter(to_directors_on__isnull=False).order_by("-people_count", "-pk")[:MOST]
    for row in rows:
        yield Kind.PAIN_POINT, row.pk, str(row.get_severity_display()), True


def _audited(user: User) -> Iterator[tuple[str, int, str, bool]]:
    latest = published().order_by("-published_at").values("pk")[:1]
    rows = AuditItem.objects.filter(audit=Subquery(latest), pain_point__state=PainState.CONFIRMED)
    rows = rows.select_related("audit").order_by("rank")[:10]
    for row in rows:
        said = _("rank %(rank)d of “%(title)s”") % {"rank": row.rank, "title": row.audit.title}
        yield Kind.PAIN_POINT, row.pain_point_id, said, False


def _costing(user: User) -> Iterator[tuple[str, int, str, bool]]:
    """What was costly when it was asked last, anew and not for the first time."""
    read = ReAsk.objects.filter(pain_point=OuterRef("pain_point"), read_at__isnull=False, mean__isnull=False)
    latest = read.order_by("-due_on", "-pk").values("pk")[:1]
    rows = ReAsk.objects.filter(pk=Subquery(latest), mean__gte=COSTLY).exclude(moment=Moment.BEFORE)
    rows = rows.filter(pain_point__in=open_to(user).values("pk"))
    rows = rows.filter(pain_point__state=PainState.CONFIRMED, pain_point__archived_at=None)
    for pain_point, mean in rows.order_by("-read_at").values_list("pain_point", "mean")[:MOST]:
        said = _("still costs %(mean)s of 10") % {"mean": number_format(mean or 0, 1)}
        yield Kind.PAIN_POINT, pain_point, said, False


def _spaces(user: User) -> Iterator[tuple[str, int, str, bool]]:
    rows = open_spaces().filter(state__in=ACTIVE, report_count__gte=2).order_by("-report_count", "pk")[:MOST]
    for row in rows:
        yield Kind.EMPTY_SPACE, row.pk, _("reported %(count)d times") % {"count": row.report_count}, False


def _incidents(user: User) -> Iterator[tuple[str, int, str, bool]]:
    rows = Incident.objects.filter(post_mortem_on__isnull=False, archived_at=None).order_by("-post_mortem_on")
    for row in rows[:10]:
        yield Kind.INCIDENT, row.pk, str(row.get_severity_display()), False


def put_count() -> int:
    """How many pain points were put to the directors and are no topic yet."""
    topics = Topic.objects.filter(origin_kind=Kind.PAIN_POINT, archived_at=None).values("origin_id")
    return (
        PainPoint.objects.filter(to_directors_on__isnull=False, archived_at=None)
        .exclude(pk__in=topics)
        .count()
    )
