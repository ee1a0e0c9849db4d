"""Words of releases: states and tiers, trades and briefs, consultations, announcements and what was understood."""
