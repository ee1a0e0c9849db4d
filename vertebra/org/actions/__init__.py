"""Every audited change of the organisation, from a day on, keeping what was before."""
