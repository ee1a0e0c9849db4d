"""Playbooks: the list, one of them with its versions and the lessons that wait, its steps in a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.pages.frame import do
from vertebra.roadmap.actions import playbooks as actions
from vertebra.roadmap.forms.launches import PlaybookForm, PublishForm, StepForm
from vertebra.roadmap.models import LaunchStep, Playbook, PlaybookStep, PlaybookVersion
from vertebra.roadmap.pages.frame import written_in
from vertebra.roadmap.pages.table_frame import ask
from vertebra.roadmap.queries.playbooks import launches_of, playbooks, stages, waiting_lessons
from vertebra.roadmap.shipped.playbooks import playbooks as shipped_playbooks

MOST_SHOWN = 200


def page_of(playbook_id: int, version: PlaybookVersion | None = None) -> str:
    """The address of a playbook, at a version."""
    url = reverse("roadmap:playbook-show", args=(playbook_id,))
    return f"{url}?version={version.number}" if version else url


def _section() -> dict[str, str]:
    return {"url": reverse("roadmap:playbook-list"), "title": _("Playbooks")}


@require_GET
@requires(Right.READ)
def playbook_list(request: PageRequest) -> HttpResponseBase:
    """Every playbook in use, and those that ship with Vertebra."""
    rows = list(playbooks()[:MOST_SHOWN])
    titles = {row.title for row in rows}
    context = {
        "rows": rows,
        "shipped": [one for one in shipped_playbooks(written_in()).values() if one.title not in titles],
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "roadmap/playbook_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def playbook_create(request: PageRequest) -> HttpResponseBase:
    """Write a playbook from nothing."""
    now = clock.now()

    def done(given: dict[str, Any]) -> str:
        book = actions.create_playbook(actor=request.user, now=now, **given)
        return page_of(book.pk)

    return ask(
        request,
        PlaybookForm(request.POST or None, initial={"language": written_in()}),
        done,
        heading=_("Write a playbook"),
        submit=_("Write it"),
        done=_("Written: add its first step."),
        cancel_url=reverse("roadmap:playbook-list"),
        section=_section(),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def playbook_taking(request: PageRequest) -> HttpResponse:
    """Take a playbook that ships with Vertebra: it is ready to launch with, and to change."""
    try:
        book = actions.create_playbook(
            actor=request.user, title="", language=written_in(), shipped=str(request.POST.get("code", "")),
            now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("roadmap:playbook-list"))
    return HttpResponseRedirect(page_of(book.pk))


@require_GET
@requires(Right.READ)
def playbook_page(request: PageRequest, playbook_id: int) -> HttpResponseBase:
    """A version of a playbook, its other versions, its launches, the lessons that wait."""
    row = get_object_or_404(Playbook, pk=playbook_id)
    versions = list(row.versions.all()[:MOST_SHOWN])
    wanted = whole_number(request.GET.get("version", ""))
    latest = next((one for one in versions if one.published_at), versions[0])
    version = next((one for one in versions if one.number == wanted), latest)
    may_write = may(request.user, Right.EDIT_ORGANISATION) and row.archived_at is None
    is_draft = version.published_at is None
    context = {
        "row": row,
        "versions": versions,
        "version": version,
        "is_draft": is_draft,
        "draft": next((one for one in versions if one.published_at is None), None),
        "stages": stages(version.steps.all()),
        "launches": list(launches_of(row)[:MOST_SHOWN]),
        "lessons": waiting_lessons(row),
        "may_write": may_write,
        "can_edit": may_write and is_draft,
        "publish_form": PublishForm(initial={"what_changed": version.what_changed}) if is_draft else None,
    }
    return render(request, "roadmap/playbook.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def playbook_edit(request: PageRequest, playbook_id: int) -> HttpResponseBase:
    """Call a playbook something else."""
    row = get_object_or_404(Playbook, pk=playbook_id)
    form = PlaybookForm(request.POST or None, initial={"title": row.title, "description": row.description})
    del form.fields["language"]

    def done(given: dict[str, Any]) -> str:
        actions.change_playbook(actor=request.user, playbook=row, changes=given, now=clock.now())
        return page_of(row.pk)

    return ask(
        request, form, done, heading=_("Change the playbook"), submit=_("Save"), done=_("Saved."),
        cancel_url=page_of(row.pk), section=_section(), crumb={"url": page_of(row.pk), "title": row.title},
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def playbook_draft(request: PageRequest, playbook_id: int) -> HttpResponse:
    """Open a draft of the next version."""
    row = get_object_or_404(Playbook, pk=playbook_id, archived_at=None)
    draft = actions.draft_version(actor=request.user, playbook=row, now=clock.now())
    return HttpResponseRedirect(page_of(row.pk, draft))


@require_POST
@requires(Right.EDIT_ORGANISATION)
def playbook_archiving(request: PageRequest, playbook_id: int) -> HttpResponse:
    """Put a playbook away."""
    row = get_object_or_404(Playbook, pk=playbook_id)
    return do(
        request,
        lambda: actions.archive_playbook(actor=request.user, playbook=row, now=clock.now()),
        _("%(name)s is archived."),
        reverse("roadmap:playbook-list"),
    )


def _version(version_id: int) -> PlaybookVersion:
    return get_object_or_404(PlaybookVersion.objects.select_related("playbook"), pk=version_id)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def version_publishing(request: PageRequest, version_id: int) -> HttpResponse:
    """Publish a draft."""
    version = _version(version_id)
    form = PublishForm(request.POST)
    said = form.cleaned_data["what_changed"] if form.is_valid() else None
    return do(
        request,
        lambda: actions.publish_version(
            actor=request.user, version=version, what_changed=said, now=clock.now()
        ),
        _("%(name)s: the new version is published. Launches begin with it from now on."),
        page_of(version.playbook_id, version),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def lesson_taking(request: PageRequest, version_id: int) -> HttpResponse:
    """Take a lesson into a draft."""
    version = _version(version_id)
    number = whole_number(str(request.POST.get("step", ""))) or 0
    step = get_object_or_404(LaunchStep, pk=number, launch__version__playbook=version.playbook_id)
    return do(
        request,
        lambda: actions.take_lesson(actor=request.user, version=version, launch_step=step, now=clock.now()),
        _("Taken in: now change the steps that it speaks of."),
        f"{page_of(version.playbook_id, version)}#lessons",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def step_create(request: PageRequest, version_id: int) -> HttpResponseBase:
    """Add a step to a draft."""
    version = _version(version_id)
    last = version.steps.last()
    initial = {"domain": last.domain, "stage": last.stage} if last else {}
    initial |= {name: request.GET[name][:200] for name in ("title", "stage", "domain") if name in request.GET}
    return _step(request, version, None, initial, _("Add a step"))


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def step_edit(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Change a step of a draft."""
    step = _one(step_id)
    initial = {name: getattr(step, name) for name in actions.EDITABLE}
    return _step(request, step.version, step, initial, _("Change the step"))


def _one(step_id: int) -> PlaybookStep:
    return get_object_or_404(PlaybookStep.objects.select_related("version__playbook"), pk=step_id)


def _step(
    request: PageRequest,
    version: PlaybookVersion,
    step: PlaybookStep | None,
    initial: dict[str, Any],
    heading: str,
) -> HttpResponseBase:
    url = page_of(version.playbook_id, version)

    def done(given: dict[str, Any]) -> str:
        actions.set_step(actor=request.user, version=version, step=step, values=given, now=clock.now())
        return f"{url}#step-{step.pk}" if step else url

    steps = list(version.steps.values_list("domain", "stage"))
    return ask(
        request, StepForm(request.POST or None, initial=initial), done, heading=heading, submit=_("Save"),
        done=_("Saved."), cancel_url=url, section=_section(),
        crumb={"url": url, "title": version.playbook.title}, template="roadmap/playbook_step.html",
        domains=list(dict.fromkeys(domain for domain, _stage in steps)),
        stages=list(dict.fromkeys(stage for _domain, stage in steps)),
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def step_moving(request: PageRequest, step_id: int) -> HttpResponse:
    """Move a step of a draft up or down."""
    step = _one(step_id)
    return do(
        request,
        lambda: actions.move_step(
            actor=request.user, step=step, is_up=request.POST.get("way") == "up", now=clock.now()
        ),
        _("Moved."),
        f"{page_of(step.version.playbook_id, step.version)}#step-{step.pk}",
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def step_removal(request: PageRequest, step_id: int) -> HttpResponse:
    """Take a step out of a draft."""
    step = _one(step_id)
    return do(
        request,
        lambda: actions.remove_step(actor=request.user, step=step, now=clock.now()),
        _("It is taken out."),
        page_of(step.version.playbook_id, step.version),
    )
