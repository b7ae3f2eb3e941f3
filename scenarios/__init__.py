"""What the world is: the scenario schema, its library, calendars, travel and the compiled World."""

from scenarios.loading import LoadedScenario, from_document, library, load
from scenarios.problems import Problem, ScenarioError, Warn

__all__ = ["LoadedScenario", "Problem", "ScenarioError", "Warn", "from_document", "library", "load"]
