"""Stand-ins for Google's Speech and Text-to-Speech (gRPC, `server`) and Places (REST, `places`), at their wire."""
