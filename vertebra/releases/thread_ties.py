"""What the thread of a consultation tells beyond its links: the release or the initiative that it is about."""

from vertebra.accounts.labels import BACKWARDS, Kind, Relation
from vertebra.kit.cards import Tie
from vertebra.releases.models import Consultation

MOST = 50
_ABOUT: dict[str, str] = {Kind.RELEASE: "release", Kind.INITIATIVE: "initiative"}


def ties(kind: str, object_id: int) -> list[Tie]:
    """What a consultation is about, and the consultations of a release or an initiative (list THREAD_TIES)."""
    if kind == Kind.CONSULTATION:
        return [tie for about in _ABOUT for tie in _of_consultation(object_id, about)]
    if kind in _ABOUT:
        rows = Consultation.objects.filter(**{_ABOUT[kind]: object_id}).order_by("-pk")
        said = str(BACKWARDS[Relation.RAISED_FROM])
        told = rows.values_list("pk", "created_at")[:MOST]
        return [Tie(str(Kind.CONSULTATION), pk, False, said, "", at) for pk, at in told]
    return []


def _of_consultation(pk: int, about: str) -> list[Tie]:
    name = _ABOUT[about]
    rows = Consultation.objects.filter(pk=pk).exclude(**{name: None})
    told = rows.values_list(name, "created_at")
    return [Tie(about, number, True, str(Relation.RAISED_FROM.label), "", at) for number, at in told]
