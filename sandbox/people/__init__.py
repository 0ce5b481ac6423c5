"""Scripted people: who answers when Floyd calls. Each is a YAML file; a folder of one's own adds more without code."""

from sandbox.people.persona import Persona
from sandbox.people.reading import load
from sandbox.people.spec import Act, Behaviour, HangUp, HoldMusic, Keys, PersonError, PersonSpec, Say

__all__ = ["Act", "Behaviour", "HangUp", "HoldMusic", "Keys", "PersonError", "PersonSpec", "Persona", "Say", "load"]
