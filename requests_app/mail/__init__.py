"""What becomes of a mail: an answer, a request, or something that Floyd proposes to know."""
