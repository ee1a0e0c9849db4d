"""What Linear is asked about issues; it weighs each question by what it may bring, up to ten thousand points.

A word is a tenth of a point, an object one, and what lies in a list counts as often as the list is long. So a history
is asked for by ids, whose names are asked once, and texts are not asked for at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Issues that are asked for at once.
PORTION = 30
_PAGING = "pageInfo { hasNextPage endCursor }"
_STEP = """
  id createdAt actorId fromStateId toStateId fromAssigneeId toAssigneeId fromCycleId toCycleId fromProjectId toProjectId
  fromTeamId toTeamId fromParentId toParentId fromPriority toPriority fromEstimate toEstimate fromTitle toTitle
  fromDueDate toDueDate addedLabelIds removedLabelIds
"""
_CYCLE = "id number name startsAt endsAt completedAt isActive isPast"

LISTED = f"""query Listed($after: String, $filter: IssueFilter) {{
  issues(first: 250, after: $after, filter: $filter, orderBy: updatedAt, includeArchived: true) {{
    nodes {{ id updatedAt trashed }} {_PAGING}
  }}
}}"""
ISSUES = f"""query Issues($wanted: [ID!]) {{
  issues(first: {PORTION}, filter: {{ id: {{ in: $wanted }} }}, includeArchived: true) {{
    nodes {{
      id identifier title createdAt updatedAt completedAt canceledAt dueDate priority estimate labelIds
      state {{ name type }}
      team {{ key }}
      creator {{ id email }}
      assignee {{ id email }}
      parent {{ identifier }}
      project {{ name }}
      projectMilestone {{ name }}
      cycle {{ {_CYCLE} }}
      comments(first: 50) {{ nodes {{ id }} }}
      relations(first: 20) {{ nodes {{ type relatedIssue {{ identifier }} }} }}
      inverseRelations(first: 20) {{ nodes {{ type issue {{ identifier }} }} }}
      history(first: 20) {{ nodes {{ {_STEP} }} {_PAGING} }}
    }}
  }}
}}"""
HISTORY = f"""query History($id: String!, $after: String) {{
  issue(id: $id) {{ history(first: 100, after: $after) {{ nodes {{ {_STEP} }} {_PAGING} }} }}
}}"""
CYCLES = f"""query Cycles($after: String, $filter: CycleFilter) {{
  cycles(first: 100, after: $after, filter: $filter, includeArchived: true) {{ nodes {{ {_CYCLE} }} {_PAGING} }}
}}"""
STATES = f"""query States($after: String) {{
  workflowStates(first: 250, after: $after, includeArchived: true) {{ nodes {{ id name }} {_PAGING} }}
}}"""
LABELS = f"""query Labels($after: String) {{
  issueLabels(first: 250, after: $after, includeArchived: true) {{ nodes {{ id name }} {_PAGING} }}
}}"""
PROJECTS = f"""query Projects($after: String) {{
  projects(first: 250, after: $after, includeArchived: true) {{ nodes {{ id name }} {_PAGING} }}
}}"""
TEAMS = f"""query AllTeams($after: String) {{
  teams(first: 250, after: $after, includeArchived: true) {{ nodes {{ id key }} {_PAGING} }}
}}"""
USERS = f"""query Users($after: String) {{
  users(first: 250, after: $after, includeArchived: true, includeDisabled: true) {{ nodes {{ id email }} {_PAGING} }}
}}"""


def by_team(chosen: Sequence[str]) -> dict[str, Any]:
    """Only what is of these teams."""
    return {"team": {"key": {"in": list(chosen)}}}
