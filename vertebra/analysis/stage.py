"""At which stage a function is, from how its effort is shared: putting out fires, a task force, a centre of excellence."""

from collections.abc import Iterable

NAME = "stage/1"
# Half of the effort or more on urgencies: what comes in decides what is done.
MOSTLY_URGENT = 50
# A quarter at most on urgencies and two fifths at least on standards that run by themselves.
FEW_URGENT, MANY_STANDARDS = 25, 40
# The trades that a centre of excellence brings together; two of them at least.
TRADES = frozenset({"project_manager", "expert", "analyst", "programme_manager"})
FEWEST_TRADES = 2


def stage_of(urgencies: int, projects: int, standards: int, skills: Iterable[str]) -> str:
    """The stage that these shares of effort (in %, together 100) and these skills make."""
    if urgencies + projects + standards != 100:
        raise ValueError("the shares of effort make 100")
    if urgencies >= MOSTLY_URGENT:
        return "fire_fighter"
    is_running = urgencies <= FEW_URGENT and standards >= MANY_STANDARDS
    return "centre" if is_running and len(TRADES & set(skills)) >= FEWEST_TRADES else "task_force"


def missing_for_centre(urgencies: int, standards: int, skills: Iterable[str]) -> tuple[str, ...]:
    """What still stands between a field and a centre of excellence."""
    found = []
    if urgencies > FEW_URGENT:
        found.append("urgencies")
    if standards < MANY_STANDARDS:
        found.append("standards")
    if len(TRADES & set(skills)) < FEWEST_TRADES:
        found.append("skills")
    return tuple(found)
