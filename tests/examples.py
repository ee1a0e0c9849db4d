"""How many examples a property is tried on."""

import os


def examples(most: int) -> int:
    """So many in the deep tests, which run every test again; a third of them where each change waits."""
    return most if os.environ.get("VERTEBRA_DEEP") else most // 3
