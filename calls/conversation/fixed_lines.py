"""Fixed things Floyd says without asking the model. They are rendered ahead, so that they come at once when something fails."""

from __future__ import annotations

ARE_YOU_THERE = "Are you still there?"
SAY_AGAIN = "Sorry, could you say that again?"
MISSED_THAT = "I'm sorry, I missed that. Could you say that again?"
ONE_MOMENT = "One moment, please."
JUST_A_SECOND = "Just a second."
ALMOST_THERE = "I'm almost there."
SORRY_ONE_MOMENT = "Sorry, just a moment."
BEAR_WITH_ME = "Sorry, please bear with me."
THANKS_FOR_WAITING = "Thank you for waiting."
STILL_NO_ANSWER = "I'm sorry, I'm still waiting for an answer."
STILL_CHECKING = "Thank you for waiting, I'm still checking."
CHECK_FIRST = "Let me just check on that."
DO_NOT_KNOW = "I'm sorry, I don't have that information."
CANNOT_PROMISE = "I can't promise that, but I'll pass it on."
CALL_BACK = "I'm sorry, I'll have to call you back. Thank you, goodbye."
TROUBLE = "I'm sorry, I'm having technical trouble and have to end the call here. Thank you, goodbye."
NOT_UNDERSTOOD = "I'm sorry, I can't hear you well, so I'll try again another time. Goodbye."
CANNOT_HEAR_YOU = "I'm sorry, I can't hear you well. Please call again. Goodbye."
TROUBLE_CALL_AGAIN = "I'm sorry, I'm having technical trouble. Please call again in a few minutes. Goodbye."
PUTTING_THROUGH = "One moment, I'll put you through."
GETTING_A_PERSON = "I'll get a person for you. One moment, please."
NOBODY_FREE_GO_ON = "I'm sorry, nobody is free right now. I have noted what it is about. I'm still here, the AI assistant. Is there anything else?"
KEY_DOES_NOTHING = "Sorry, that key does nothing here. You can just tell me what you need."
WHOLE_PIN = "I need four to eight digits. Please say all of your PIN once more, or key it."
BACK_AGAIN = "Sorry, I'm back."
NO_RESPONSE = "I can't hear anyone, so I'll hang up now. Goodbye."
TOO_LONG = "I'm sorry, I have to end this call now. Thank you, goodbye."
STOPPED = "I'm sorry, I have to go now. Thank you, goodbye."
GOODBYE = "Thank you, goodbye."
TAKE_YOUR_TIME = "Of course, take your time."
THANK_YOU = "Thank you."
SEVERAL_VOICES = "I'm sorry, I hear more than one voice. Could you say that again, please?"
REFUSED = "I understand. Thank you for your time, and goodbye."
WRONG_NUMBER = "I'm sorry, I have the wrong number. Goodbye."
ENGLISH_ONLY = "I'm sorry, I only speak English. Thank you, goodbye."
HELD_TOO_LONG = "I'm sorry, I can't wait any longer, so I'll call again another time. Goodbye."

#: Worth rendering before a call begins.
ALL = (
    ARE_YOU_THERE,
    SAY_AGAIN,
    MISSED_THAT,
    ONE_MOMENT,
    JUST_A_SECOND,
    ALMOST_THERE,
    SORRY_ONE_MOMENT,
    BEAR_WITH_ME,
    THANKS_FOR_WAITING,
    STILL_NO_ANSWER,
    STILL_CHECKING,
    CHECK_FIRST,
    DO_NOT_KNOW,
    CANNOT_PROMISE,
    CALL_BACK,
    TROUBLE,
    NOT_UNDERSTOOD,
    CANNOT_HEAR_YOU,
    TROUBLE_CALL_AGAIN,
    PUTTING_THROUGH,
    GETTING_A_PERSON,
    NOBODY_FREE_GO_ON,
    KEY_DOES_NOTHING,
    WHOLE_PIN,
    BACK_AGAIN,
    NO_RESPONSE,
    TOO_LONG,
    STOPPED,
    GOODBYE,
    TAKE_YOUR_TIME,
    THANK_YOU,
    SEVERAL_VOICES,
    REFUSED,
    WRONG_NUMBER,
    ENGLISH_ONLY,
    HELD_TOO_LONG,
)
