"""A stand-in for Google Cloud's Speech and Text-to-Speech, at their wire (gRPC, v1)."""

from sandbox.google.server import SpeechServer, start

__all__ = ["SpeechServer", "start"]
