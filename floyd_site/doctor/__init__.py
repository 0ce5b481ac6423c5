"""Does everything outside work? One module per part; each check says what it found and how to mend it."""
