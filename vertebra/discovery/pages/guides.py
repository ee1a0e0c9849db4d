"""Interview guides: those that ship, those of one's own, and what one does to them."""

from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.queries import feed
from vertebra.accounts.together import saved_views
from vertebra.discovery.actions import guides as actions
from vertebra.discovery.forms.campaigns import GuideForm, as_lines
from vertebra.discovery.models import Guide
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.forms.together import remember_shown
from vertebra.org.labels import Function
from vertebra.org.pages.frame import Ask, answer, do

Rows = QuerySet[Any, Any]
FORM = "discovery/listen_form.html"


def _search(rows: Rows, text: str) -> Rows:
    wanted = fold(text)
    found = [row.pk for row in rows if wanted in fold(f"{row.title} {row.questions}")]
    return rows.filter(pk__in=found)


def _is_shown(rows: Rows, state: str) -> Rows:
    return rows.filter(archived_at__isnull=False) if state == "archived" else rows


LIST = ListOf(
    page="guides",
    file_name="guides",
    sort="title",
    columns=(
        Column("title", gettext_lazy("Title"), lambda row: row.title, sort="title"),
        Column("function", pgettext_lazy("a guide", "For"), lambda row: row.get_function_display()),
        Column("language", gettext_lazy("Language"), lambda row: row.language, sort="language"),
        Column("questions", gettext_lazy("Questions"), lambda row: len(row.questions), is_numeric=True),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
    ),
    filters=(
        Filter(
            "function",
            pgettext_lazy("a guide", "For"),
            lambda rows, value: rows.filter(function=value),
            lambda: Function.choices,
        ),
        Filter(
            "language",
            gettext_lazy("Language"),
            lambda rows, value: rows.filter(language=value),
            lambda: [("fr", "Français"), ("en", "English")],
        ),
        Filter("state", gettext_lazy("State"), _is_shown, lambda: [("archived", gettext_lazy("archived"))]),
    ),
    search=_search,
)


@require_GET
@requires(Right.PRODUCT_OPS)
def guide_list(request: PageRequest) -> HttpResponseBase:
    """List the guides; those that ship are there from the first visit on."""
    actions.ensure_shipped_guides(actor=None, now=clock.now())
    rows = Guide.objects.all()
    if request.GET.get("state") != "archived":
        rows = rows.filter(archived_at=None)
    listing = LIST.read(
        request, rows, saved_views=saved_views(request.user, "guides", request.get_full_path())
    )
    if listing.export:
        return listing.export
    shown = [row.is_shipped for row in Guide.objects.filter(archived_at=None).only("is_shipped")]
    context = {
        "listing": listing,
        "shipped": sum(shown),
        "own": len(shown) - sum(shown),
    }
    return render(request, "discovery/guide_list.html", context)


@require_GET
@requires(Right.PRODUCT_OPS)
def guide_page(request: PageRequest, guide_id: int) -> HttpResponseBase:
    """Show a guide: its questions, and what to listen for."""
    guide = get_object_or_404(Guide, pk=guide_id)
    history = feed(Kind.GUIDE, guide.pk, user=request.user, now=clock.now())
    language = dict(settings.LANGUAGES).get(guide.language, guide.language)
    context = {"guide": guide, "history": history, "language_name": language}
    return render(request, "discovery/guide.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def guide_create(request: PageRequest) -> HttpResponseBase:
    """Write a guide."""
    initial = {"language": (get_language() or "fr")[:2]}
    ask = Ask(
        form=GuideForm(request.POST or None, initial=initial),
        act=lambda given: actions.create_guide(actor=request.user, now=clock.now(), **given),
        heading=_("Write a guide"),
        submit=_("Keep the guide"),
        done=_("%(name)s is kept."),
        cancel_url=reverse("discovery:guide-list"),
        back=lambda entry: reverse("discovery:guide-show", args=(entry.object_id,)),
        intro=_("Seven to ten open questions are enough: about facts of last week, not about opinions."),
        template=FORM,
    )
    return answer(request, ask, draft="guide", part=_("Guides"), part_url=ask.cancel_url)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def guide_edit(request: PageRequest, guide_id: int) -> HttpResponseBase:
    """Change a guide of one's own."""
    guide = get_object_or_404(Guide, pk=guide_id)
    initial = {name: getattr(guide, name) for name in ("title", "function", "language")}
    form = GuideForm(request.POST or None, initial=initial | {"questions": as_lines(guide.questions)})
    remember_shown(form)
    back = reverse("discovery:guide-show", args=(guide_id,))
    ask = Ask(
        form=form,
        act=lambda given: actions.change_guide(
            actor=request.user,
            guide=guide,
            changes=cast(actions.GuideChanges, given),
            now=clock.now(),
        ),
        heading=_("Change %(name)s") % {"name": guide.title},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda entry: back,
        template=FORM,
    )
    return answer(request, ask, part=_("Guides"), part_url=reverse("discovery:guide-list"))


@require_POST
@requires(Right.PRODUCT_OPS)
def guide_copy(request: PageRequest, guide_id: int) -> HttpResponseBase:
    """Copy a guide, to change the copy."""
    guide = get_object_or_404(Guide, pk=guide_id)
    made: list[AuditEntry] = []

    def act() -> AuditEntry:
        made.append(actions.copy_guide(actor=request.user, guide=guide, now=clock.now()))
        return made[0]

    response = do(request, act, _("Here is your copy: change what you like."), "")
    response["Location"] = reverse("discovery:guide-edit", args=(made[0].object_id,))
    return response


@require_POST
@requires(Right.PRODUCT_OPS)
def guide_archival(request: PageRequest, guide_id: int) -> HttpResponseBase:
    """Take a guide out of the lists, or bring it back."""
    guide = get_object_or_404(Guide, pk=guide_id)
    back = reverse("discovery:guide-show", args=(guide_id,))
    if guide.archived_at:
        return do(
            request,
            lambda: actions.restore_guide(actor=request.user, guide=guide, now=clock.now()),
            _("%(name)s is back in the list."),
            back,
        )
    return do(
        request,
        lambda: actions.archive_guide(actor=request.user, guide=guide, now=clock.now()),
        _("%(name)s is out of the list."),
        reverse("discovery:guide-list"),
    )
