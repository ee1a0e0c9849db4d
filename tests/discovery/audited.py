"""An audit in the tests: forty people of two tribes, twenty of whom were heard and speak of what hurts."""

import datetime as dt
from dataclasses import dataclass, field

from tests import world
from tests.org import company
from vertebra.accounts.models import User
from vertebra.discovery.actions.audits import create_audit
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point, tie_evidence
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.labels import Consent, InterviewState
from vertebra.discovery.models import Audit, Campaign, Guide, Interview, PainPoint, Verbatim
from vertebra.discovery.queries.voices import told_cells
from vertebra.org.labels import Function
from vertebra.org.models import Person, Unit

HEARD_ON = dt.date(2026, 10, 20)
FUNCTIONS = (Function.PRODUCT, Function.ENGINEERING, Function.SALES, Function.SUPPORT)


@dataclass
class Heard:
    """What the tests ask for by name."""

    ines: User
    units: dict[str, Unit] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    interviews: list[Interview] = field(default_factory=list)
    campaign: Campaign | None = None
    pains: list[PainPoint] = field(default_factory=list)

    def verbatim(self, at: int, text: str) -> Verbatim:
        """Words of the person at a place, marked in their interview."""
        interview = self.interviews[at]
        cell = told_cells([(interview.function, interview.unit_id, HEARD_ON)], world.TODAY)[0]
        return Verbatim.objects.create(
            interview=interview, text=text, language="fr", person=interview.person, unit=interview.unit,
            function=interview.function, said_on=HEARD_ON, created_at=world.NOW,
            shown_function=cell[0], shown_unit_id=cell[1],
        )  # fmt: skip

    def pain(self, title: str, *speakers: int, severity: int = 2) -> PainPoint:
        """A confirmed pain point that these people spoke of."""
        said = [self.verbatim(at, f"{title} ({at}), voilà ce que je vis.") for at in speakers]
        made = raise_pain_point(
            actor=self.ines, title=title, language="fr", severity=severity,
            evidence=[EvidenceDraft(verbatim=said[0])], now=world.NOW,
        )  # fmt: skip
        for one in said[1:]:
            tie_evidence(actor=self.ines, pain_point=made, draft=EvidenceDraft(verbatim=one), now=world.NOW)
        confirm_pain_points(actor=self.ines, pain_points=[made], now=world.NOW)
        made.refresh_from_db()
        self.pains.append(made)
        return made


def heard(count: int = 20) -> Heard:
    """Forty people, five of each function in each tribe; the first ones were heard, in turn of their functions."""
    found = Heard(world.ines())
    top = company.unit("Tournesol", None, "company")
    for name in ("Magasins", "Ligne"):
        found.units[name] = company.unit(name, top, "tribe")
    places = [(unit, function) for _n in range(5) for unit in found.units.values() for function in FUNCTIONS]
    found.people = [
        company.person(f"Personne {at:02}", unit, function, email=f"p{at:02}@example.org", language="fr")
        for at, (unit, function) in enumerate(places)
    ]
    guide = Guide.objects.create(
        title="Chefs de produit", language="fr", created_at=world.NOW, changed_at=world.NOW
    )
    found.campaign = Campaign.objects.create(
        title="Les trente premiers jours", language="fr", created_at=world.NOW, changed_at=world.NOW
    )
    found.interviews = [
        Interview.objects.create(
            campaign=found.campaign, person=found.people[at], unit=places[at][0], function=places[at][1],
            guide=guide, state=InterviewState.HELD, held_on=HEARD_ON, consent=Consent.GIVEN, language="fr",
            created_at=world.NOW, changed_at=world.NOW,
        )
        for at in range(count)
    ]  # fmt: skip
    return found


def audited(found: Heard, **fields: object) -> Audit:
    """An audit of what was heard, of three pain points: twelve, six and two people speak of them."""
    if not found.pains:
        found.pain("Le terrain apprend les nouveautés par les clients", *range(12), severity=3)
        found.pain("Personne ne sait qui décide", *range(6))
        found.pain("La recette prend trois jours", 4, 5)
    given: dict[str, object] = {"title": "Ce que nous avons entendu", "language": "fr"}
    assert found.campaign is not None
    return create_audit(
        actor=found.ines,
        campaigns=[found.campaign],
        now=world.NOW,
        **(given | fields),  # type: ignore[arg-type]
    )
