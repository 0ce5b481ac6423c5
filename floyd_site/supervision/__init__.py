"""What `make run` does: servers, processes, their environment, their output, and their end."""
