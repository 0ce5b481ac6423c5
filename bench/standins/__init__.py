"""Stand-ins for the services that hear, think and speak, with fixed latencies and the wire protocols that the official clients speak."""
