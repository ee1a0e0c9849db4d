"""Words of practices: their life and reach, routines, adoption, checks."""
