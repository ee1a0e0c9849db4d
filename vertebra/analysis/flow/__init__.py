"""How work flows: how long it takes, where it waits, what comes back; of groups and months, never of persons."""

NAME = "flow"
VERSION = 1
