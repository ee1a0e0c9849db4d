"""What a source tells of the organisation, compared with what is known, and written all or nothing."""
