"""Many releases, or many briefs, told at once: all or nothing, and the same twice changes nothing."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Schema

from vertebra.accounts.api import ApiRequest
from vertebra.connectors.records import Origin
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, alone, answer, refuse_rows
from vertebra.org.api.records import MOST, ExternalId, RecordsOut, SourceName
from vertebra.org.api.schemas import Day, Id, Name
from vertebra.releases.actions.brief_rows import ToldBrief, tell_briefs
from vertebra.releases.actions.briefs import MOST_WORDS
from vertebra.releases.api.briefs import Language
from vertebra.releases.api.routes import IMPORT, router
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Release

if TYPE_CHECKING:
    from vertebra.connectors.release_notes import ReleaseRecord
    from vertebra.releases.importing.plan import Plan

Words = Annotated[str, Rule(max_length=200, pattern=r"^[^\x00]*$")]
Address = Annotated[str, Rule(max_length=500, pattern=r"^(https?://[^\s\x00]+)?$")]


class ReleaseRowIn(Schema):
    """A release as its own tool knows it; headings of the text, such as “Fixed”, say which trade reads what.

    `on` is the day on which it came out or is planned to; `areas` and `teams` are names that are known here.
    """

    external_id: ExternalId
    version: Annotated[str, Rule(min_length=1, max_length=60, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
    title: Words = ""
    state: Literal["planned", "released", "withdrawn"] = "planned"
    on: Day | None = None
    body: Annotated[str, Rule(max_length=100_000, pattern=r"^[^\x00]*$")] = ""
    areas: Annotated[list[Name], Rule(max_length=100)] = []
    teams: Annotated[list[Name], Rule(max_length=100)] = []
    web_address: Address = ""


class ReleaseRowsIn(Schema):
    """Releases that a tool tells under a name."""

    source: SourceName
    releases: Annotated[list[ReleaseRowIn], Rule(max_length=MOST)]
    dry_run: bool = False


class BriefRowIn(Schema):
    """What a trade reads of a release (its number, or what identifies it in the source) in one language, in Markdown."""

    release: Id | ExternalId
    trade: Trade
    language: Language
    line: Annotated[str, Rule(max_length=300, pattern=r"^[^\x00]*$")] = ""
    body: Annotated[str, Rule(max_length=MOST_WORDS, pattern=r"^[^\x00]*$")]


class BriefRowsIn(Schema):
    """Briefs that a tool tells under a name; what was ready is to be checked again."""

    source: SourceName
    briefs: Annotated[list[BriefRowIn], Rule(max_length=MOST)]


class BriefsToldOut(Schema):
    """How many briefs are new, were written anew, are as they were; the audit entry unless nothing had to change."""

    created: int
    changed: int
    unchanged: int
    entry: int | None


@router.post(
    "/bulk/releases",
    response={200: RecordsOut, **PROBLEMS},
    auth=IMPORT,
    operation_id="tell_releases",
    summary="Tell many releases at once",
)
def tell_releases(request: ApiRequest, body: ReleaseRowsIn) -> HttpResponse:
    """The same import as that of changelogs: what a hand changed stays until the tool tells otherwise."""
    from vertebra.releases.importing.actions import HasErrors, import_releases
    from vertebra.releases.importing.plan import plan_import

    now = clock.now()
    records = [_record(at, one) for at, one in enumerate(body.releases)]
    if body.dry_run:
        return answer(_told(plan_import(records, source=body.source, now=now), None))
    try:
        with alone():
            done = import_releases(actor=request.user, records=records, source=body.source, now=now)
    except HasErrors as error:
        refuse_rows([one.as_json() for one in error.plan.troubles if one.is_blocking])
        raise
    return answer(_told(done.plan, done.entry.pk if done.entry else None))


def _record(at: int, row: ReleaseRowIn) -> "ReleaseRecord":
    from vertebra.connectors.changelog_items import sections_of
    from vertebra.connectors.release_notes import ReleaseRecord, links_in

    body = row.body.replace("\r\n", "\n").strip()
    return ReleaseRecord(
        external_id=row.external_id,
        name=row.version.strip(),
        title=" ".join((row.title or row.version).split()),
        on=row.on,
        state=row.state,
        sections=sections_of(body),
        body=body,
        links=links_in(body),
        origin=Origin("releases", at + 1, f"releases[{at}]"),
        teams=tuple(row.teams),
        areas=tuple(row.areas),
        url=row.web_address,
    )


def _told(plan: "Plan", entry: int | None) -> dict[str, Any]:
    return {"counts": plan.summary(), "unknown": plan.unknowns, "entry": entry}


@router.post(
    "/bulk/briefs",
    response={200: BriefsToldOut, **PROBLEMS},
    auth=IMPORT,
    operation_id="tell_briefs",
    summary="Tell many briefs at once",
)
def tell_brief_rows(request: ApiRequest, body: BriefRowsIn) -> HttpResponse:
    """Briefs are told apart by release, trade and language; somebody reads them here before they are ready."""
    told = _briefs(body)
    with alone():
        brought = tell_briefs(actor=request.user, told=told, source=body.source, now=clock.now())
    counts = {"created": brought.created, "changed": brought.changed, "unchanged": brought.unchanged}
    return answer({**counts, "entry": brought.entry.pk if brought.entry else None})


def _briefs(body: BriefRowsIn) -> list[ToldBrief]:
    """The rows with their releases; one 422 problem for everything that they name wrongly."""
    by_number = Release.objects.in_bulk({one.release for one in body.briefs if isinstance(one.release, int)})
    outside = {one.release for one in body.briefs if isinstance(one.release, str)}
    known: dict[int | str, Release] = {**by_number}
    for row in Release.objects.filter(source__name=body.source, external_id__in=outside):
        known[row.external_id] = row
    errors = []
    for at, one in enumerate(body.briefs):
        release = known.get(one.release)
        message = ""
        if release is None:
            message = f"There is no release {one.release}."
        elif release.state == ReleaseState.WITHDRAWN:
            message = f"The release {one.release} is withdrawn: its briefs stay as they were."
        if message:
            remedy = "Correct it, or leave the row out."
            errors.append({"field": f"briefs.{at}.release", "message": message, "remedy": remedy})
    refuse_rows(errors)
    return [
        ToldBrief(known[one.release], one.trade.value, one.language, one.line, one.body)
        for one in body.briefs
    ]
