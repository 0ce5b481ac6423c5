"""Staff look at calls: the queue, a call with its times and prompts, verdicts, exports, the board of quality."""
