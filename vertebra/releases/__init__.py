"""Releases: what comes out, in the words of each trade, told to those it concerns, and known to be understood."""
