"""Recipes: short declarative texts that say where in somebody's files an organisation is written."""

from vertebra.connectors.recipe.engine import Extract, Unknown, run
from vertebra.connectors.recipe.load import BadRecipe, load_recipe, shipped_recipes
from vertebra.connectors.recipe.shape import Recipe

__all__ = ["BadRecipe", "Extract", "Recipe", "Unknown", "load_recipe", "run", "shipped_recipes"]
