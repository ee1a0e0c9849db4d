"""Words of the roadmap: topics and cycles, initiatives and results, launches, reports."""
