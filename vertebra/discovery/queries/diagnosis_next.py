"""What follows from a diagnosis: whom to hear about it first, and with which guide."""

from vertebra.analysis.diagnosis import DOMAINS, HIGHEST, LOWEST, STRONG, called_for
from vertebra.discovery.models import Diagnosis, Guide
from vertebra.discovery.queries.diagnosis_figures import FIELD, FUNCTIONS_OF
from vertebra.org.labels import Domain, Function

# Who lives with what a domain is about, where no population answered by itself.
LIVED_BY: dict[str, tuple[str, ...]] = {
    Domain.PROCESS: (Function.PRODUCT, Function.DESIGN, Function.ENGINEERING),
    Domain.KNOWLEDGE: (Function.PRODUCT, Function.SALES, Function.SUPPORT, Function.CUSTOMER_SUCCESS),
    Domain.IMPACT: (Function.PRODUCT, Function.DATA),
    Domain.TALENT: (Function.LEADERSHIP, Function.PRODUCT, Function.DESIGN, Function.ENGINEERING),
    Domain.CUSTOMER: (Function.PRODUCT, Function.RESEARCH, *FIELD),
}
MOST_DOMAINS = 2


def whom_to_hear(diagnosis: Diagnosis) -> tuple[str, ...]:
    """The functions of the populations in which what is strong is strongest felt, else of the domains it is about."""
    said = diagnosis.result
    strong = [one["symptom"] for one in said.get("reasons", ()) if one["symptom"]]
    found = [
        function
        for name, means in said.get("populations", {}).items()
        if name in FUNCTIONS_OF and _lives_with(strong, means)
        for function in FUNCTIONS_OF[name]
    ]
    if not found:
        called = called_for(said.get("strengths", {}), {domain: (domain,) for domain in DOMAINS})
        found = [f for one in called[:MOST_DOMAINS] if one.because for f in LIVED_BY[one.name]]
    return tuple(dict.fromkeys(found))


def _lives_with(strong: list[str], means: dict[str, float]) -> bool:
    """Whether a population feels, on average, that what is strong is."""
    felt = [means[code] for code in strong if code in means]
    return bool(felt) and sum(felt) / len(felt) >= LOWEST + STRONG * (HIGHEST - LOWEST)


def guide_for(functions: tuple[str, ...], language: str) -> Guide | None:
    """The shipped guide made for the one function to hear, else the one for a first conversation with anybody."""
    rows = Guide.objects.filter(is_shipped=True, archived_at=None, language=language)
    guides = {guide.function: guide for guide in rows}
    return (guides.get(functions[0]) if len(functions) == 1 else None) or guides.get("")
