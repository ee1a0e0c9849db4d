"""The list of lessons: what there is to learn, whether it still holds."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.learning.actions.upkeep import BEGUN_BEFORE
from vertebra.learning.labels import STANDING_TONES, Standing
from vertebra.learning.queries.lessons import STANDINGS, lessons, of_standing, releases_without_lesson
from vertebra.org.pages.frame import base

PAGE = "lessons"


@require_GET
@requires(Right.READ)
def lesson_list(request: PageRequest) -> HttpResponseBase:
    """List what there is to learn."""
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = lessons().select_related("release", "owner")
    listing = _list().read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        standing = STANDINGS[row.standing_order]
        row.standing_label, row.tone = standing.label, STANDING_TONES[standing]
    orders = list(lessons().values_list("standing_order", flat=True))
    context = {
        "listing": listing,
        "lesson_base": base("learning:lesson-show"),
        "counts": {code.value: orders.count(at) for at, code in enumerate(STANDINGS)},
        "all": len(orders),
        "wanted": releases_without_lesson(clock.now(), BEGUN_BEFORE).count(),
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "learning/lesson_list.html", context)


def _list() -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="lessons",
        columns=[
            Column("title", gettext_lazy("Lesson"), lambda row: row.title, sort="title"),
            Column(
                "state", gettext_lazy("State"), lambda row: STANDINGS[row.standing_order].label, sort="standing_order"
            ),
            Column("release", gettext_lazy("Release"), lambda row: row.release.title if row.release else ""),
            Column("minutes", gettext_lazy("Minutes"), lambda row: row.minutes, sort="minutes", is_numeric=True),
            Column("owner", gettext_lazy("Kept true by"), lambda row: row.owner.name if row.owner else ""),
            Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
        ],
        filters=[
            Filter("state", pgettext_lazy("lesson", "State"), of_standing, lambda: Standing.choices),
            Filter(
                "release",
                gettext_lazy("Release"),
                lambda rows, value: rows.filter(release__isnull=value == "without"),
                lambda: [("with", gettext_lazy("of a release")), ("without", gettext_lazy("of none"))],
            ),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="-changed",
    )  # fmt: skip
