"""Ways of working: practices built with the teams, their life, routines, templates, what they ask and who adopts them."""
