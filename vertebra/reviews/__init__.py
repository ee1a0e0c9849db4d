"""Reviews: what was decided and put in place is looked back at, and what is found comes back as evidence."""
