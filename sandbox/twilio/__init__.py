"""The carrier's stand-in: REST, webhooks, TwiML and Media Streams as Twilio has them on the wire."""
