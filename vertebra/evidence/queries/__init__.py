"""Questions over surveys: who will be asked, what may be said of the answers."""
