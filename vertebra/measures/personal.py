"""What measures hold of somebody: what they own, asked, keep for themselves."""

import datetime as dt

from django.db.models import Q

from vertebra.accounts.personal import rows_of
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.measures.models import Alert, Board, Dashboard, DataRequest, Metric


def _export(subject: Subject) -> Sections:
    person, user = subject.person_id or 0, subject.user_id or 0
    return {
        "metrics_owned": rows_of(Metric.objects.filter(owner=person), "name", "definition"),
        "dashboards_owned": rows_of(Dashboard.objects.filter(owner=person), "name", "url"),
        "boards": rows_of(Board.objects.filter(owner=user), "title", "description", "is_shared"),
        "alerts": rows_of(Alert.objects.filter(user=user), "metric__name", "side", "threshold", "told_at"),
        "data_requests": rows_of(
            DataRequest.objects.filter(Q(asked_by=person) | Q(answered_by=user)),
            "question",
            "details",
            "state",
            "asked_at",
            "answered_at",
        ),
    }


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Questions stay without whoever asked them; what somebody kept for themselves goes."""
    if subject.person_id is not None:
        DataRequest.objects.filter(asked_by=subject.person_id).update(asked_by=None, details="")
    if subject.user_id is not None:
        Alert.objects.filter(user=subject.user_id).delete()
        Board.objects.filter(owner=subject.user_id, is_shared=False).delete()


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "measures.metric": Kept.PSEUDONYM,
        "measures.target": Kept.PSEUDONYM,
        "measures.measurement": Kept.PSEUDONYM,
        "measures.feed": Kept.PSEUDONYM,
        "measures.lever": Kept.PSEUDONYM,
        "measures.dashboard": Kept.PSEUDONYM,
        "measures.board": Kept.EMPTIED,
        "measures.alert": Kept.DELETED,
        "measures.mark": Kept.PSEUDONYM,
        "measures.datarequest": Kept.EMPTIED,
    },
)
