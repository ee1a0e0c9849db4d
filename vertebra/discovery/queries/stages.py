"""The stage of the function as people read it: field by field, over time, in words."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.analysis.stage import missing_for_centre, stage_of
from vertebra.discovery.labels import STAGE_TONES, Skill, Stage
from vertebra.discovery.models import StageOfFunction
from vertebra.org.models import Field

AGAIN_AFTER = dt.timedelta(days=182)
MISSING: dict[str, str | Promise] = {
    "urgencies": _("urgencies take more than a quarter of the effort"),
    "standards": _("standards that run by themselves take less than two fifths"),
    "skills": _("fewer than two of its trades are there"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A field on one day: its shares, and the stage they make."""

    id: int
    on: dt.date
    urgencies: int
    projects: int
    standards: int
    stage: str
    skills: list[str]
    skills_missing: list[str]

    @property
    def label(self) -> str | Promise:
        """The stage in words."""
        return Stage(self.stage).label

    @property
    def tone(self) -> str:
        """The colour of the stage."""
        return STAGE_TONES[self.stage]

    @property
    def projects_at(self) -> int:
        """Where the share of projects begins in the picture."""
        return self.urgencies

    @property
    def standards_at(self) -> int:
        """Where the share of standards begins in the picture."""
        return self.urgencies + self.projects


@dataclass(frozen=True, slots=True)
class FieldStage:
    """A field of action with its moments, the latest first; none where nobody noted one."""

    field: Field
    moments: list[Moment]
    missing: list[str | Promise]
    is_due: bool

    @property
    def now(self) -> Moment | None:
        """The latest moment."""
        return self.moments[0] if self.moments else None

    @property
    def moves(self) -> bool:
        """Whether the latest stage differs from the one before."""
        return any(new.stage != old.stage for new, old in list(pairwise(self.moments))[:1])


def stages(day: dt.date) -> list[FieldStage]:
    """Every field of action with its stage over time, in two queries."""
    by_field: dict[int, list[Moment]] = defaultdict(list)
    for row in StageOfFunction.objects.order_by("-on", "-pk")[:2000]:
        by_field[row.field_id].append(
            Moment(
                row.pk,
                row.on,
                row.urgencies,
                row.projects,
                row.standards,
                stage_of(row.urgencies, row.projects, row.standards, row.skills),
                [said(one) for one in row.skills],
                [said(one) for one in row.skills_missing],
            )
        )
    return [_of(field, by_field.get(field.pk, []), day) for field in Field.objects.filter(archived_at=None)]


def _of(field: Field, moments: list[Moment], day: dt.date) -> FieldStage:
    latest = moments[0] if moments else None
    missing = []
    if latest and latest.stage != Stage.CENTRE:
        trades = [str(code) for code in Skill if str(code.label) in latest.skills]
        missing = [MISSING[code] for code in missing_for_centre(latest.urgencies, latest.standards, trades)]
    is_due = latest is None or latest.on + AGAIN_AFTER <= day
    return FieldStage(field, moments, missing, is_due)


def said(skill: str) -> str:
    """A trade in words: ours translated, the company's own as written."""
    return str(Skill(skill).label) if skill in Skill.values else skill
