"""Scripted people: who answers when Floyd calls. Each is a YAML file; a folder of one's own adds more without code."""

from sandbox.people.acts import Act, HangUp, Keys, Quiet, Record, Say, Sound, SoundKind
from sandbox.people.persona import Persona
from sandbox.people.reading import load
from sandbox.people.spec import AnsweredBy, Attestation, Behaviour, LineNoise, PersonError, PersonSpec

__all__ = [
    "Act",
    "AnsweredBy",
    "Attestation",
    "Behaviour",
    "HangUp",
    "Keys",
    "LineNoise",
    "PersonError",
    "PersonSpec",
    "Persona",
    "Quiet",
    "Record",
    "Say",
    "Sound",
    "SoundKind",
    "load",
]
