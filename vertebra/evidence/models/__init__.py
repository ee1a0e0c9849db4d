"""Nouns of evidence: what was asked of people, and what came back without their names."""

from vertebra.evidence.models.surveys import Cell, Invitation, Question, Response, Result, Survey

__all__ = ["Cell", "Invitation", "Question", "Response", "Result", "Survey"]
