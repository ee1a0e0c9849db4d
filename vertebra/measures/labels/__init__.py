"""Words of measures: metrics and where their values come from, levers, charts, requests."""
