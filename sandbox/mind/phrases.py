"""What Floyd can be expected to say whatever the mind thinks, for the callees' ears.

These phrases may come out of the application's cache, so that no voice is asked for them. For who else than the seeded user Floyd calls, the
ear learns when the introduction is first spoken.
"""

FLOYD_SAYS = (
    "Hi, this is Floyd, an AI assistant calling for Tom Redmond.",
    "I'm sorry, I'll have to call you back. Thank you, goodbye.",
    "I'm sorry, I'm having technical trouble and will have to call back. Thank you, goodbye.",
    "I'm sorry, I can't hear you well, so I'll try again another time. Goodbye.",
    "I'm sorry, I can't hear you well. Please call again. Goodbye.",
    "I'm sorry, I'm having technical trouble. Please call again in a few minutes. Goodbye.",
    "One moment, I'll put you through.",
    "I can't hear anyone, so I'll hang up now. Goodbye.",
    "I'm sorry, I have to end this call now. Thank you, goodbye.",
    "I'm sorry, I have to go now. Thank you, goodbye.",
    "I'm sorry, I missed that. Could you say that again?",
    "Sorry, could you say that again?",
    "Thank you for waiting, I'm still checking.",
    "I'm sorry, I'm still waiting for an answer.",
    "Thank you for waiting.",
    "Sorry, please bear with me.",
    "Sorry, just a moment.",
    "I'm almost there.",
    "Just a second.",
    "Let me just check on that.",
    "I'm sorry, I don't have that information.",
    "I can't promise that, but I'll pass it on.",
    "I'm sorry, I hear more than one voice. Could you say that again, please?",
    "I understand. Thank you for your time, and goodbye.",
    "I'm sorry, I have the wrong number. Goodbye.",
    "I'm sorry, I only speak English. Thank you, goodbye.",
    "I'm sorry, I can't wait any longer, so I'll call again another time. Goodbye.",
    "Of course, take your time.",
    "Thank you.",
    "Are you still there?",
    "One moment, please.",
    "Thank you, goodbye.",
)
