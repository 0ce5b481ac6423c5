"""What the pages' scripts say, in the page's language. `static/words.js` reads the table; English needs none."""

from __future__ import annotations

import json

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

#: Every sentence that stands in `said("…")` in a script.
WORDS = (
    noop("Change it and send it when it is right."),
    noop("Sending…"),
    noop("Say it"),
    noop("Stop listening"),
    noop("One moment…"),
    noop("Listening. It sends itself when you stop."),
    noop("Listening. Let go to send it."),
    noop("You are signed out. Load the page again to sign in."),
    noop("The line to Floyd broke. Please try again, or type it."),
    noop("Floyd stopped listening. Change it and send it when it is right."),
    noop("Floyd did not answer in time. Change it and send it when it is right."),
    noop("Floyd is listening in too many of your windows. Close one and try again, or type it."),
    noop("Floyd may not use the microphone. Allow it in the address bar, or type."),
    noop("No microphone was found. Please type it."),
    noop("This browser cannot show notifications. On an iPhone, add Floyd to the home screen first."),
    noop("The browser does not allow it. Allow notifications for this site in its settings."),
    noop("Floyd did not take it. Load the page again and try once more."),
    noop("The browser's push service refused"),
    noop("The call is over."),
    noop("You may not listen to this call any more."),
    noop("Too many people listen to this call."),
    noop("Listen in"),
    noop("Play from here"),
    noop("Take over"),
    noop("Take over here"),
    noop("Floyd did not answer. Load the page again."),
    noop("The sound of this call cannot be reached now."),
    noop("The sound broke off. Trying again…"),
    noop("You are on the line. Floyd is quiet."),
    noop("Floyd has the call again."),
    noop("Floyd tells them that you join. Speak when it says so here."),
    noop("Give back to Floyd"),
    noop("Floyd may not use the microphone. Allow it in the address bar."),
    noop("No microphone was found."),
    noop("This browser cannot play the sound of a call."),
)


def context(request: HttpRequest) -> dict[str, str]:
    """`script_words` for templates: a table as JSON, empty in English."""
    return {"script_words": "" if (get_language() or "en") == "en" else json.dumps({word: _(word) for word in WORDS}, ensure_ascii=False)}
