"""The words by which machines and people on the line are told apart, as patterns over lower-case words without punctuation. English, and the few
words of other languages that say "not in English".
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns))


ME = r"(?:me|us|this number|my number|our number)"
MENU = _any(
    r"listen (?:carefully )?(?:to|as) (?:the |our )?(?:following|all|entire|menu|options)",
    r"(?:our|the|these|following) (?:menu )?options (?:have|are)\b",
    r"main menu\b",
    r"(?:say or press|press or say)\b",
    r"if you know your party'?s extension",
    r"you can (?:also )?say\b",
    r"(?:not|isn't) a valid (?:option|entry|selection|choice)|invalid (?:option|entry|selection)",
    r"(?:make|enter) (?:a|your) (?:selection|choice)",
)
SCREENING = _any(
    r"(?:call )?screening (?:service|assistant)",
    r"(?:i am|i'm|is) screening\b",
    r"(?:state|say|record|give|leave) your (?:full )?name,? (?:and|after|at)\b.*\b(?:why|reason|purpose|tone|beep|calling|call is about)",
    r"(?:state|say|record) (?:your name|who (?:is|you are)|who's calling)\b",
    r"(?:state|record) (?:the|your) (?:reason|purpose)\b",
)
TO_US = re.compile(
    r"\b(?:would|do|did|could) you (?:like|want|care|mind|prefer)?\b|\b(?:can|may|could|shall|should) i\b"
    r"|\b(?:want|like) (?:me )?to\b|\bhow (?:can|may) (?:i|we) help"
)
VOICEMAIL = _any(
    r"(?:after|at|following|wait for|hear) the (?:tone|beep|sound of)",
    r"(?:please |just )leave (?:me |us )?(?:a |an |your )?(?:\w+ )?(?:message|name|number)",
    r"leave (?:me |us )?(?:a|your|an) (?:\w+ )?message\b(?! (?:with|for))",
    r"leave (?:me |us )?your name (?:and|number)",
    r"record your (?:\w+ )?message",
    r"(?:reached|forwarded to|this is) (?:the |an? |\w+'s )?(?:automated )?(?:voice ?mail|voice messaging|mailbox|answering (?:machine|service))",
    r"(?:voice ?mail|mailbox) (?:box )?(?:of|for|system)\b",
)
MAILBOX_FULL = _any(
    r"(?:mailbox|voice ?mail)(?: box)? (?:is|\w+ is) (?:currently )?full",
    r"(?:voice ?mail|mailbox)(?: box)? (?:that )?has not been set up",
)
PERHAPS_VOICEMAIL = _any(
    r"(?:can't|cannot|can not|unable to|not able to|couldn't) (?:come to|get to|answer|take) (?:the phone|your call|the call|my phone)",
    r"(?:not|isn't|aren't|un) ?available (?:right now|at the moment|to take your call)",
    r"(?:we'll|i'll|we will|i will) (?:get back to you|return your call|call you (?:right )?back)",
    r"(?:i am|i'm|we are|we're) (?:currently )?(?:away|out of|not in|closed)",
)
TRANSFER = _any(
    r"(?:transfer|transferring|connect|connecting) (?:you|your call)",
    r"(?:put|putting|pass|passing|send|sending) you (?:through|over|along|on to)\b",
    r"(?:let me|i'll|i will|i'm going to|i can) (?:get|grab|find) (?:him|her|them|someone|somebody|my (?:manager|colleague|boss))\b",
    r"(?:redirect|forward|direct|rout)(?:ing)? (?:you|your call)",
)
HOLD = _any(
    r"please (?:hold|stay|remain|wait)\b",
    r"(?:hold|stay on the line) please\b",
    r"(?:stay|remain) on the line\b",
    r"hold (?:the line|for (?:a|one|the|just))\b",
    r"(?:continue to|keep) hold(?:ing)?\b",
    r"continue holding\b",
    r"your call is (?:very |extremely )?important",
    r"your call will be (?:answered|taken|connected|with)",
    r"(?:all|our) (?:of )?(?:our )?(?:\w+ )?(?:agents|representatives|operators|associates|lines|advisers|advisors|team members|staff) (?:are|is)\b",
    r"(?:number|caller|position) \w+ in (?:the |our )?(?:queue|line)",
    r"you are (?:currently )?(?:number|caller|next)\b",
    r"(?:estimated|expected|approximate|average|current) (?:wait|hold|waiting)",
    r"next available (?:agent|representative|operator|associate|person|team)",
    r"(?:in|by) the order (?:in which )?(?:it|they|you|that)",
    r"(?:higher|high|heavy|unusually high|larger) (?:than \w+ )?(?:call|number of call)",
    r"(?:place|put|putting|placing) you on (?:a )?(?:brief |quick |short )?hold",
    r"(?:can|could|would|will|do) you (?:please )?(?:mind )?hold(?:ing)?\b",
    r"(?:we'll|we will|someone will|a representative will) be (?:right )?with you (?:shortly|soon|in a moment|as soon)",
)
_SHORTLY = r"(?:sec|seconds?|minutes?|moments?|bit)"
WAIT = _any(
    rf"(?:can you |could you |please |just )?(?:hang on|hold on|wait)(?: for)?(?: (?:just )?(?:a|one|two)(?: quick)? {_SHORTLY})?\b",
    rf"(?:just )?(?:a|one) {_SHORTLY}\b",
    rf"bear with me(?: (?:for )?(?:a|one) {_SHORTLY})?\b",
    rf"give me (?:just )?(?:a|one|two) {_SHORTLY}\b",
    r"let me (?:just )?(?:check|look|see|find out|have a look|take a look|ask)(?: (?:that|it|this))?(?: up)?\b",
    r"let me (?:just )?go (?:and )?(?:check|look|see|ask)\b",
)
BESIDE_WAITING = frozenset(
    re.findall(
        r"\S+",
        """a alright and do for got i i'll i'm if if's is it just me mm my oh ok okay on please quickly real right so sure that the thing this to uh
        um we we've well what yeah yes you""",
    )
)
_NEVER_AGAIN = (
    rf"(?:take|remove|get) {ME} (?:off|from) (?:of )?(?:your|the|this|that) (?:\w+ )?list",
    rf"(?:don't|do not|never) (?:ever )?call (?:{ME} |here |back )?(?:ever )?again",
    rf"(?:don't|do not|never) (?:ever )?call (?:{ME}|here)$",
    rf"(?:please )?(?:stop|quit) calling (?:{ME}|here)\b",
    rf"(?:put|add) {ME} on (?:your|the) do not call",
)
NEVER_AGAIN = _any(*_NEVER_AGAIN)
#: Not "we are closed on Mondays", which is an answer.
CLOSED_NOW = _any(
    r"(?:we are|we're|(?:the|our) (?:\w+ )?(?:office|shop|store|clinic|business|restaurant|garage|line)s? (?:is|are)) "
    r"(?:currently |now |already |all )?"
    r"closed\b(?! (?:on|every|each|at|between|from)\b)",
    r"(?:called|calling|reached us) (?:outside|out) of (?:our )?(?:\w+ )?(?:opening |business |office |regular )?hours",
)
_MACHINE = (
    r"(?:a |an |any |your |some |stupid |damn )*"
    r"(?:robot|machine|computer|bot|robocall|recording|a ?i\b|automated|artificial|voice assistant|assistant)"
)
REFUSAL = _any(
    r"(?:don't|do not|won't|will not|not going to|not gonna|can't|cannot|refuse to|never|not) (?:want to |like to |wanna )?"
    rf"(?:talk|talking|speak|speaking|deal|dealing|take calls) (?:to|with|from) {_MACHINE}",
    r"no (?:more )?(?:robots|robocalls|bots|machines|recordings|automated calls)\b",
    *_NEVER_AGAIN,
)
NOT_IN_SERVICE = _any(
    r"number you (?:have |'ve )?(?:dialled|dialed|called|reached|are calling|are trying to (?:call|reach))"
    r"[\w' ]* (?:not|no longer|disconnected|changed|invalid)",
    r"(?:your )?call (?:cannot|can't|can not|could not) be completed as (?:dialled|dialed)",
)
WRONG_NUMBER = _any(
    r"(?:you have|you've|you got|you've got|you have got|you dialled|you dialed|must have|this is|it's|that's)"
    r" the wrong (?:number|person|house|place)",
    r"(?:no one|nobody|no body|there's no|there is no|no such) (?:one |body |person |business |company )?(?:here )?(?:by|with|of) that name",
    r"(?:not|isn't) (?:a|the) (?:school|florist|garage|dentist|business|shop|store|office|company|restaurant|doctor)\b"
    r".*\b(?:private|house|home|residence)",
)
OTHER_LANGUAGE = (
    (
        "es",
        _any(
            r"no (?:hablo|entiendo|habla) (?:el )?ingl[eé]s",
            r"habla(?:s|n)? (?:usted )?(?:español|espanol|castellano)",
            r"no (?:le |te )?entiendo\b",
            r"s[oó]lo (?:hablo )?(?:español|espanol)",
            r"(?:do|can|could) you speak spanish",
            r"(?:can|could) we (?:speak|talk|go on|continue) in spanish",
            r"in spanish please",
        ),
    ),
    (
        "fr",
        _any(
            r"(?:je )?(?:ne )?parle pas (?:l'|bien |du tout )?(?:l'|d')?anglais",
            r"parlez[ -]vous fran[cç]ais",
            r"vous parlez fran[cç]ais",
            r"en fran[cç]ais",
            r"je (?:ne )?(?:vous )?comprends pas",
            r"(?:do|can|could) you speak french",
            r"(?:can|could) we (?:speak|talk|go on|continue) in french",
            r"in french please",
        ),
    ),
    ("de", _any(r"(?:ich )?spreche (?:leider )?kein(?:en)? englisch", r"sprechen sie deutsch", r"ich verstehe (?:sie )?nicht")),
    ("it", _any(r"non parlo (?:l')?inglese", r"parla italiano", r"non capisco\b")),
    ("pt", _any(r"n[aã]o falo ingl[eê]s", r"fala portugu[eê]s")),
    ("en", _any(r"(?:do|can|could) you speak english", r"in english,? please", r"(?:don't|do not|can't) speak (?:any |much )?(?:french|spanish)")),
    ("", _any(r"(?:don't|do not|doesn't|not|can't) (?:speak|understand|know) (?:any |much |good )?english", r"^(?:no|sorry no|no no) english\b")),
)
MAY_BE_RECORDED = _any(
    r"thank(?:s| you) for calling\b",
    r"welcome to\b",
    r"you have reached|you've reached|you are through to",
    r"(?:this|your) call (?:may|will|is|might) be(?:ing)? (?:recorded|monitored)",
    r"calls (?:may|are|will) (?:be )?(?:recorded|monitored)",
    r"(?:our|the) (?:office|store|business|regular|normal|opening)? ?hours\b",
    r"if (?:this is|you have) an? (?:\w+ )?emergency",
    r"please (?:listen|note)",
    r"for english\b|para español|pour (?:le )?(?:français|service)",
    r"our (?:website|offices?)\b|visit us (?:at|online)",
    r"hi you(?:'ve| have)? reached|you have called",
    r"you(?:'ve| have)? (?:selected|chosen|pressed)\b",
)
ASKS_US = _any(
    r"(?:how|what) (?:can|may|could) (?:i|we) (?:help|do|get)",
    r"(?:can|may) (?:i|we) help",
    r"(?:who|whom) (?:is|am|are|'s)\b.*\b(?:speaking|calling|this|there)",
    r"who's (?:this|there|calling|speaking)",
    r"this is \w+(?: \w+)? (?:speaking|how|what)",
    r"how (?:can|may|should) i direct your call",
    r"(?:can|may|shall|could) i (?:take|ask|get|have)\b",
    r"are you (?:still )?there",
)
BACK_AGAIN = _any(
    r"(?:i'm|i am|we're) back\b",
    r"sorry (?:about that|for the wait|to keep you|for keeping you|about the wait)",
    r"thank(?:s| you) for (?:waiting|holding|your patience|hanging on|your time)",
)
STARTS_LIKE_A_PERSON = re.compile(
    r"^(?:hello|hi|hey|hiya|yes|yeah|yep|okay|ok|alright|all right|sorry|so|this is|good (?:morning|afternoon|evening)|are you|you still|speaking|"
    r"(?:i'm|i am) back|right|well|it's \w+|um|uh|who|what|can i|may i|how)\b"
)
STARTS_LIKE_A_RECORDING = re.compile(r"^(?:please|your|you|thank|thanks|all|the|we|our|this|did|if|for|to)\b")
#: "Thank you for holding", and what a queue says behind it.
THANKS = re.compile(
    r"thank(?:s| you)(?: for(?: (?:holding|waiting|calling|your(?: \w+)?)(?: (?:please|your|we|our|all|the|someone|an?)\b[\w' ]*)?)?)?"
)
SPEAKING = re.compile(r"\bspeaking$|\bmy name is\b")
NAMES_THEMSELVES = re.compile(r"\b(?:this is|speaking|my name is)\b")
HELLO = re.compile(r"^(?:hello|hi|hey)\b|\bgood (?:morning|afternoon|evening)\b")
