"""Systems that are read by themselves: connecting one, trying it, choosing what is taken, reading it now, pausing it."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.connectors.contract import Choice
from vertebra.connectors.faults import Trouble
from vertebra.connectors.systems import CONNECTORS, SYSTEMS, TRACKERS
from vertebra.kit import clock
from vertebra.sources import connections, opening
from vertebra.sources.faults import told
from vertebra.sources.forms import ChoiceForm, FieldsForm, OpeningForm
from vertebra.sources.labels import CHOICES, GIVES, RELEASES, WORK, WORK_GIVES, SourceKind
from vertebra.sources.models import Source
from vertebra.sources.target import Targets, taking


def _connected(system_id: int) -> Source:
    rows = Source.objects.filter(kind__in=SYSTEMS).select_related("connection")
    return get_object_or_404(rows, pk=system_id)


@require_safe
@requires(Right.ADMINISTER)
def system_list(request: PageRequest, targets: Targets) -> HttpResponseBase:
    """The kinds of system that can be connected, with what each gives."""
    kinds = [{"code": code, "label": SourceKind(code).label, "gives": _gives(code)} for code in SYSTEMS]
    return render(request, "sources/system_list.html", {"kinds": kinds})


def _gives(system: str) -> list[object]:
    """What a kind of system gives, in words."""
    kind = SourceKind(system)
    releases = [GIVES[kind]] if system in CONNECTORS else []
    return [*releases, *([WORK_GIVES[kind]] if system in TRACKERS else [])]


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def source_connect(request: PageRequest, system: str, targets: Targets) -> HttpResponseBase:
    """Give the address and the token of a system, and go on to what is taken of it."""
    if system not in SYSTEMS:
        raise Http404
    form = OpeningForm(
        request.POST or None, kind=system, is_new=True, initial={"name": SourceKind(system).label}
    )
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            entry = connections.connect_system(
                actor=request.user, name=name, kind=system, values=form.values(), now=clock.now()
            )
        except connections.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            return redirect("sources:source-choice", entry.object_id)
    context = {"form": form, "label": SourceKind(system).label, "gives": _gives(system)}
    return render(request, "sources/source_opening.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def source_opening(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Put another address or token in place of what is kept."""
    source = _connected(system_id)
    initial = {"address": source.connection.address}
    form = OpeningForm(request.POST or None, kind=source.kind, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            connections.replace_opening(
                actor=request.user, source=source, values=form.values(), now=clock.now()
            )
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Replaced: try whether it opens."))
            return redirect("sources:source-show", source.pk)
    context = {"form": form, "label": source.get_kind_display(), "source": source}
    return render(request, "sources/source_opening.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def source_choice(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Choose among what the system has; what it does not list can be named."""
    source = _connected(system_id)
    known, trouble = _choices(source)
    codes, chosen = {one.code for one in known}, source.connection.chosen
    has_both = opening.has_both(source.kind)
    initial = {
        "takes": _taken(source),
        "listed": [one for one in chosen if one in codes],
        "named": "\n".join(one for one in chosen if one not in codes),
        "every_hours": source.connection.every_hours,
    }
    label = CHOICES[SourceKind(source.kind)]
    form = ChoiceForm(request.POST or None, label=label, known=known, has_both=has_both, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            connections.choose_what_is_taken(
                actor=request.user, source=source, chosen=form.chosen(),
                every_hours=form.cleaned_data["every_hours"], now=clock.now(), takes=form.taken(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("listed" if known else "named", str(refusal))
        else:
            _read_now(source, targets)
            messages.success(request, _("It is being read; from now on by itself."))
            return redirect("sources:source-show", source.pk)
    context = {"form": form, "source": source, "trouble": trouble}
    return render(request, "sources/source_choice.html", context, status=422 if form.errors else 200)


def _taken(source: Source) -> list[str]:
    """What is taken of a system, the first time whatever it gives."""
    held = source.connection
    if not held.chosen:
        return [WORK, RELEASES]
    return [code for code, is_taken in ((WORK, held.takes_work), (RELEASES, held.takes_releases)) if is_taken]


def _choices(source: Source) -> tuple[list[Choice], str]:
    """What the system has, or why it does not say."""
    try:
        return opening.choices(source), ""
    except Trouble as trouble:
        return [], told(trouble.fault, trouble.particulars)


def _read_now(source: Source, targets: Targets) -> None:
    try:
        enqueue = taking(targets).enqueue_sync
    except LookupError:
        return
    if enqueue is not None:
        enqueue(source.pk)


@require_POST
@requires(Right.IMPORT)
def source_test(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Ask the system who we are for it, and say what it answers."""
    source = _connected(system_id)
    try:
        account = opening.check(source)
    except Trouble as trouble:
        messages.error(request, told(trouble.fault, trouble.particulars))
    else:
        messages.success(
            request, _("It answers, and knows us as “%(account)s”.") % {"account": account or "?"}
        )
    return redirect("sources:source-show", source.pk)


@require_POST
@requires(Right.IMPORT)
def source_reading(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Read the system now, by a job."""
    source = _connected(system_id)
    try:
        connections.pause_source(actor=request.user, source=source, is_paused=False, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("sources:source-choice", source.pk)
    _read_now(source, targets)
    messages.success(request, _("It is being read."))
    return redirect("sources:source-show", source.pk)


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def source_fields(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Say which field of a tracker plays which part, and which of its own are kept."""
    source = _connected(system_id)
    if not source.connection.takes_work:
        raise Http404
    known, trouble = _fields(source)
    form = FieldsForm(request.POST or None, known=known, mapping=source.connection.mapping)
    if request.method == "POST" and form.is_valid() and not trouble:
        if connections.map_fields(actor=request.user, source=source, mapping=form.mapping(), now=clock.now()):
            _read_now(source, targets)
            messages.success(request, _("Noted: everything is read once more."))
        return redirect("sources:source-show", source.pk)
    context = {"form": form, "source": source, "trouble": trouble, "known": known}
    return render(request, "sources/source_fields.html", context, status=422 if form.errors else 200)


def _fields(source: Source) -> tuple[list[Choice], str]:
    """The fields that a tracker has of its own, or why it does not say."""
    try:
        with opening.opened_tracker(source, is_waited_for=True) as session:
            return session.fields(), ""
    except Trouble as trouble:
        return [], told(trouble.fault, trouble.particulars)


@require_POST
@requires(Right.ADMINISTER)
def source_again(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Read everything that a system has once more, from the beginning."""
    source = _connected(system_id)
    try:
        connections.read_from_beginning(actor=request.user, source=source, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("sources:source-choice", source.pk)
    _read_now(source, targets)
    messages.success(request, _("It is read from the beginning: what is the same changes nothing."))
    return redirect("sources:source-show", source.pk)


@require_POST
@requires(Right.IMPORT)
def source_pause(request: PageRequest, system_id: int, targets: Targets) -> HttpResponseBase:
    """Read the system no longer; what it brought stays."""
    source = _connected(system_id)
    connections.pause_source(actor=request.user, source=source, is_paused=True, now=clock.now())
    messages.success(request, _("Paused: what it brought stays."))
    return redirect(reverse("sources:source-show", args=(source.pk,)))
