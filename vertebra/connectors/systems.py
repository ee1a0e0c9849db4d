"""The one table of systems that releases are read from."""

from __future__ import annotations

from collections.abc import Mapping

from vertebra.connectors.contract import Connector
from vertebra.connectors.github_releases import GitHubReleases
from vertebra.connectors.jira_versions import JiraVersions
from vertebra.connectors.linear_projects import LinearProjects

CONNECTORS: Mapping[str, Connector] = {
    one.code: one for one in (JiraVersions(), GitHubReleases(), LinearProjects())
}
