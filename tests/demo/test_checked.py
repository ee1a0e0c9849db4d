"""What checks of the demo company find: looked for as they did at their time, by what the product itself does."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from vertebra.demo.checked import count_as_it_went
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.demo.rows import at
from vertebra.demo.tracked import track
from vertebra.practices.labels.checks import TRIED_WEEKS
from vertebra.practices.models import Check, CheckCount, CheckTrial

pytestmark = [pytest.mark.django_db, pytest.mark.deep]


@pytest.mark.parametrize("loaded", ["small"], indirect=True)
def test_checks_were_tried_then_and_are_counted_week_by_week(
    loaded: Summary, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    now = at(DAY, 9)
    track(now)
    count_as_it_went(now)
    for trial in CheckTrial.objects.all():
        assert len(trial.weeks) == TRIED_WEEKS
        assert trial.done_at is not None
        assert trial.weeks[-1]["week"] <= trial.done_at.date().isoformat()
    for check in Check.objects.all():
        weeks = set(CheckCount.objects.filter(check_row=check).values_list("week", flat=True))
        assert len(weeks) == 2 * TRIED_WEEKS
    shown = CheckCount.objects.filter(is_shown=True, flagged_count__gt=0)
    assert shown.filter(open_on__lte=DAY).exists()
    assert shown.filter(open_on__gt=DAY).exists()
