"""Quick wins that audits proposed, and the initiatives that carry them out."""

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.discovery.models import QuickWin
from vertebra.roadmap.models import Initiative


def initiative_of(quick_win: QuickWin) -> Initiative | None:
    """The initiative that carries out a quick win, if there is one."""
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE, relation=Relation.CARRIES_OUT, to_kind=Kind.QUICK_WIN,
        to_id=quick_win.pk, ended_at__isnull=True,
    )  # fmt: skip
    return Initiative.objects.filter(pk__in=links.values("from_id"), archived_at__isnull=True).first()


def proposal_of(row: Initiative) -> QuickWin | None:
    """The quick win of an audit that this initiative carries out."""
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE, from_id=row.pk, relation=Relation.CARRIES_OUT, to_kind=Kind.QUICK_WIN,
        ended_at__isnull=True,
    )  # fmt: skip
    return QuickWin.objects.filter(pk__in=links.values("to_id")).first()
