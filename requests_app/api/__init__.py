"""The API of requests, questions and text messages."""
