"""What people type into surveys: answers, and the surveys themselves."""
