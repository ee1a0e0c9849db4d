"""What came of an initiative: the effect on a series, with its uncertainty, against what would have been expected.

Pure arithmetic on NumPy: no clock, no chance, codes instead of sentences. Jobs call it; pages never import it.
"""

from vertebra.analysis.impact.counts import Answered, compare_answers, compare_two_figures
from vertebra.analysis.impact.interrupted import estimate
from vertebra.analysis.impact.staged import estimate_staged
from vertebra.analysis.impact.values import (
    NAME,
    VERSION,
    Caution,
    Estimate,
    Figure,
    Grain,
    Method,
    Placebo,
    Point,
    Reason,
    Verdict,
)

__all__ = [
    "NAME",
    "VERSION",
    "Answered",
    "Caution",
    "Estimate",
    "Figure",
    "Grain",
    "Method",
    "Placebo",
    "Point",
    "Reason",
    "Verdict",
    "compare_answers",
    "compare_two_figures",
    "estimate",
    "estimate_staged",
]
