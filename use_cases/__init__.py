"""What Floyd does when it is called: one folder per use case."""
