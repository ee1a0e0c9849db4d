"""Catalogues of metrics and values of many metrics, by file: planning, writing, jobs."""
