"""What teams are designing now, as their own tool tells it: ideas, what is wanted, what is begun and how it goes."""

import datetime as dt
import random

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.accounts.search import index_many
from vertebra.demo import content
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.rows import LANGUAGE, at
from vertebra.roadmap.actions.standing import entry_of
from vertebra.roadmap.labels.initiatives import Horizon, InitiativeKind, InitiativeState, Part
from vertebra.roadmap.models import Initiative, Involvement

HORIZONS = {"idea": Horizon.LATER, "planned": Horizon.NEXT, "started": Horizon.NOW, "paused": Horizon.NOW}
TRACKED = "Suivi dans l’outil de l’équipe, qui a ses propres mesures."


class Designing:
    """Writes the product initiatives of teams, and ties what comes out to what it carries out."""

    def __init__(self, going: Outgoing, source: int | None, chance: random.Random) -> None:
        self.going, self.source, self.chance, self.until = going, source, chance, going.until

    def write(self, found: list[Out], now: dt.datetime) -> None:
        """All of them, where a tool is connected that tells them."""
        if self.source is None:
            return
        rows: list[Initiative] = []
        parts: list[Involvement] = []
        for number, sheet in enumerate(content.releases()["design"], 1):
            area = self.going.holdings.of_team.get(sheet["team"])
            if area is None or area.team is None:
                continue
            row = self._row(sheet, area.team.id, number)
            rows.append(row)
            parts.append(Involvement(initiative=row, area_id=area.id, part=Part.CONCERNED))
            market = self.chance.choice(self.going.holdings.markets)
            if self.chance.random() < 0.3:
                parts.append(Involvement(initiative=row, market_id=market.id, part=Part.CONCERNED))
        Initiative.objects.bulk_create(rows)
        Involvement.objects.bulk_create(parts)
        index_many([entry_of(row) for row in rows], now=now)
        by_title = {row.title: row for row in rows}
        Link.objects.bulk_create(
            Link(
                from_kind=Kind.RELEASE, from_id=one.id, to_kind=Kind.INITIATIVE, to_id=by_title[one.sheet["design"]].pk,
                relation=Relation.CARRIES_OUT, since_at=at(one.created_on, 10, 40),
            )
            for one in found
            if one.sheet.get("design") in by_title
        )  # fmt: skip

    def _row(self, sheet: content.Sheet, unit: int, number: int) -> Initiative:
        created = at(self.until - dt.timedelta(days=self.chance.randint(20, 120)), 10)
        is_begun = sheet["state"] in (InitiativeState.STARTED, InitiativeState.PAUSED)
        began = created + dt.timedelta(days=self.chance.randint(3, 15)) if is_begun else None
        lead = self.going.lead_of(self.going.holdings.of_team[sheet["team"]].team, self.until)
        pace = sheet.get("pace", "")
        words = content.acting()["word"]
        return Initiative(
            source_id=self.source, external_id=f"produit-{number}", kind=InitiativeKind.PRODUCT, title=sheet["item"][0],
            description=sheet["item"][1], language=sheet.get("language", LANGUAGE), state=sheet["state"],
            horizon=HORIZONS[sheet["state"]], owner_unit_id=unit, lead_id=lead.id if lead else None,
            starts_on=began.date() if began else None,
            due_on=self.until + dt.timedelta(days=sheet["days"]) if sheet["days"] else None, pace=pace,
            pace_line=self.chance.choice(words[pace]) if pace else "",
            paced_on=self.until - dt.timedelta(days=self.chance.randint(2, 20)) if pace else None,
            no_baseline_reason=TRACKED if is_begun else "", started_at=began, created_at=created,
            changed_at=began or created,
        )  # fmt: skip
