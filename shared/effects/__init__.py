"""The one road to the outside world: intent, effect key, attempt, outcome."""
