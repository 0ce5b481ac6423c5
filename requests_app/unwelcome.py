"""What Floyd does not do, told from the words alone: selling, canvassing, harassing, pretending to be someone. No model, no I/O.

The planner's model declines such wishes too; this check stands before it and cannot be talked round. It looks for orders to Floyd, not
for words: "cancel Sales Weekly", "ask whether they sell tires" and "tell the bank that somebody pretends to be me" are none.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop as noop

from context.tongues import tongue_of

SELLING = noop("Floyd doesn't sell, advertise or look for customers by phone. It informs, asks, orders, books, changes and cancels for you.")
CANVASSING = noop("Floyd doesn't canvass: it calls nobody for votes, surveys, signatures or donations.")
HARASSING = noop("Floyd doesn't harass, threaten or fool anybody by phone.")
PRETENDING = noop("Floyd always says that it is an AI calling for you, and never pretends to be someone.")
#: The same for who asks in another language.
_ABROAD = {
    "fr": {
        SELLING: "Floyd ne vend rien, ne fait pas de publicité et ne cherche pas de clients par téléphone.",
        CANVASSING: "Floyd ne démarche personne : ni votes, ni sondages, ni signatures, ni dons.",
        HARASSING: "Floyd ne harcèle, ne menace et ne trompe personne par téléphone.",
        PRETENDING: "Floyd dit toujours qu'il est une IA qui appelle pour vous, et ne se fait passer pour personne.",
    },
    "de": {
        SELLING: "Floyd verkauft nichts, wirbt nicht und sucht keine Kunden am Telefon.",
        CANVASSING: "Floyd ruft niemanden wegen Stimmen, Umfragen, Unterschriften oder Spenden an.",
        HARASSING: "Floyd belästigt, bedroht und täuscht niemanden am Telefon.",
        PRETENDING: "Floyd sagt immer, dass es eine KI ist, die für dich anruft, und gibt sich für niemanden aus.",
    },
    "es": {
        SELLING: "Floyd no vende, no hace publicidad ni busca clientes por teléfono.",
        CANVASSING: "Floyd no llama a nadie por votos, encuestas, firmas o donaciones.",
        HARASSING: "Floyd no acosa, amenaza ni engaña a nadie por teléfono.",
        PRETENDING: "Floyd siempre dice que es una IA que llama por usted, y no se hace pasar por nadie.",
    },
}

#: A wish begins here: at the start of a sentence, behind the courtesies that people put before it.
_START = (
    r"(?:^|[.;!?\n]\s*)(?:(?:hey|hi|hello|ok|okay|floyd|please|just|now|then|so|also)[ ,]+|(?:can|could|will|would) you (?:please )?"
    r"|i(?:'d)? (?:want|need|would like|like) you to |go (?:and |on and )?|start |keep )*"
)
#: Behind these it is somebody else who does it: "call them and ask if they …".
_OTHERS = r"(?:they|if|whether|who|which|that|he|she|it|how|what)"
#: Behind these "to" is a wish and no order: "call the shop, I want to …".
_WISHED = "".join(f"(?<!{word})" for word in ("want", "wants", "willing", "able", "like", "going", "ready", "happy", "allowed", "hoping", "trying"))
#: "call … and", "phone … to": what is done to whom is called.
_REACH = (
    r"\b(?:call|phone|ring|dial|contact|text|reach|ask|visit)(?:ing)?\b"
    rf"(?:(?!\b{_OTHERS}\b)[^.;!?\n]){{0,80}}?{_WISHED}\s*(?:,\s*|\s(?:and|to)\s+)(?:then |just |try (?:to|and) )?"
)
_ORDER = rf"(?:{_START}|{_REACH})"
_PEOPLE = (
    r"(?:him|her|them|people|everyone|everybody|anyone|strangers|someone|somebody"
    r"|(?:my|our|the|all|every|some|each|his|her|their|random|local|nearby|these|those|\d+) [\w' -]{2,40})"
)
#: People whom nobody rings again and again for a good reason.
_NEAR_ONES = (
    r"(?:him|her|them|(?:my|our|his|her|their) (?:ex|ex-\w+|neighbou?rs?|boss|landlord|sister|brother|teacher|colleagues?|co-?workers?"
    r"|classmates?|mother-in-law|wife|husband|girlfriend|boyfriend))\b"
)
_NOT_ME = r"(?!\s+(?:me|us|by)\b)"
_AI = r"(?:ai|a\.i\.|robot|bot|machine|computer|assistant|artificial)"
_YOU_ARE = r"(?:you(?:'re| are|r)|you were)"
#: Whom one can pretend to be; Floyd is the user's assistant, and may say so.
_FAMILY = r"(?:wife|husband|mother|father|mom|mum|dad|son|daughter|brother|sister|boss|lawyer|doctor|friend|neighbou?r|secretary|landlord)"
_OFFICE = r"(?:police|bank|government|irs|cra|hospital|school|tax office|fbi|court|landlord|city|insurance)"
_ROLE = (
    r"(?:police|cop|officer|doctor|lawyer|nurse|human|person|man|woman|inspector|customer|patient|journalist|reporter|detective|judge|friend"
    r"|relative|technician|government|bank|tax|buyer|student)"
)

_SELLING = (
    rf"{_ORDER}(?:sell|upsell|resell|peddle|hawk)\b{_NOT_ME}",
    rf"{_ORDER}(?:pitch|promote|market)\s+(?:{_PEOPLE}|a\b|an\b)",
    rf"{_ORDER}advertis\w+\s(?![^.;!?]*\b(?:newspaper|paper|radio|magazine|gazette|classifieds?)\b)",
    rf"{_ORDER}cold[- ]?call\b{_NOT_ME}",
    rf"{_ORDER}offer {_PEOPLE} (?:a |an |our |my )?(?:\w+ )?(?:discount|deal|promotion|special|free trial)",
    r"\b(?:make|do|place|run|start)\s+(?:some |a few |a round of |\d+ )?(?:cold|sales|telemarketing|marketing|promotional)[- ]?calls?\b",
    r"\b(?:generate|find|get|drum up|win)\s+(?:me |us |some )?(?:new |more )?(?:sales leads|leads|customers|clients|business for)\b",
    r"\binterested in (?:buying |purchasing |trying |ordering )?(?:my|our) (?:\w+ ){0,2}"
    r"(?:products?|services?|offers?|course|software|company|business|newsletter|insurance|policy|policies|packages?)\b",
    r"\bappelle[rz]?\b[^.;!?]*\bpour (?:leur |lui )?vend(?:re|s)\b|\bvend(?:s|ez)-(?:leur|lui)\b|\bdémarch(?:e|er|ez)\b",
    r"\bverkauf(?:e|en|t)? (?:ihnen|ihm|ihr|allen|den leuten)\b|\bvénd(?:eles|ele|anles)\b|\bvender(?:les|le)\b",
)
_CANVASSING = (
    rf"{_ORDER}canvass\b",
    r"\b(?:do|go|some) canvassing\b(?! training)",
    rf"{_ORDER}(?:ask|tell|convince|persuade|urge|remind|get|encourage|make)\b[^.;!?]{{0,60}}\bto vote (?:for|against|yes|no)\b",
    rf"{_ORDER}(?:ask|find out)\b[^.;!?]{{0,60}}\b(?:who|whom|how) (?:they|he|she)(?:'ll|'re| will| are| is| plans? to| intends? to)?"
    r" ?(?:going to |planning to )?vot(?:e|ing)\b",
    r"\b(?:conduct|carry out|run|hold)\s+(?:a |an |some |our |my )?(?:\w+ )?(?:survey|poll|questionnaire)s?\b"
    r"(?! of (?:my|our|the) (?:land|property|house|home|roof|lot|site))",
    r"\b(?:survey|poll)\s+(?:people|customers|voters|residents|everyone|households"
    r"|(?:my|our|the|all) (?:\w+ )?(?:neighbou?rs|customers|clients|residents|voters|neighbou?rhood))\b",
    rf"{_ORDER}(?:ask|beg|solicit)\s+{_PEOPLE}?\s*(?:for (?:a |some |their )?donations?\b(?! (?:receipt|pick|hours|slip|form|box|bin))"
    r"|to (?:donate|contribute|give money|sponsor)\b)",
    rf"{_ORDER}(?:solicit|collect|gather)\s+(?:\w+ )?(?:donations|signatures|pledges)\b",
    rf"{_ORDER}(?:ask|get|convince|persuade)\s+{_PEOPLE}[^.;!?]{{0,30}}\bto sign (?:my|our|a|the|this) petition\b",
    r"\b(?:make|do) (?:some |a few )?(?:fund-?raising|polling|survey|campaign) calls\b",
    r"\bfaire un sondage\b|\beine umfrage (?:durchführen|machen)\b|\bhacer una encuesta\b",
)
_HARASSING = (
    rf"{_ORDER}(?:harass|threaten|intimidate|bully|blackmail|stalk|insult|humiliate|terrori[sz]e|torment|pester|spam|scare|frighten|annoy|mock"
    rf"|curse|abuse)\b{_NOT_ME}(?! (?:off|away)\b)(?! (?:the )?(?:dog|cat|crows|pigeons|raccoons|birds|mice))",
    rf"{_ORDER}(?:yell|scream|shout|swear|curse|laugh)\s+at\b",
    rf"{_ORDER}prank(?:[- ]?call\b|\s+(?:{_PEOPLE}|[A-Z]))",
    rf"{_ORDER}(?:make|do|place) (?:a |some |a few )?(?:prank|crank|obscene|silent|threatening)[- ]?calls?\b",
    rf"\bcall(?:ing)?\s{_NEAR_ONES}[^.;!?]{{0,30}}\b(?:over and over|again and again|non-?stop|repeatedly|all night|in the middle of the night"
    r"|every (?:\w+ )?(?:minutes?|seconds?|half hour)|(?:\d{2,}|twenty|fifty|a hundred|a thousand) times)",
    r"\b(?:or|and|that) (?:i|we)(?:'ll| will| am going to|'m going to) "
    r"(?:kill|hurt|beat|destroy|ruin|burn|come (?:after|for)|make (?:him|her|them) (?:pay|suffer|regret))\b",
    r"\b(?:tell|let)\b[^.;!?]{0,40}\b(?:i|we) know where (?:he|she|they) lives?\b",
    r"\b(?:call|phone) in a bomb (?:threat|scare)\b|\bheavy breathing\b|\bbreathe heavily\b",
    r"\b(?:harcèle|menace)(?:r|z)?-?\s?(?:le|la|les|mon|ma|mes)\b|\b(?:bedroh|belästig)(?:e|en|t)? (?:ihn|sie|meine?n?)\b"
    r"|\b(?:amenaza|acosa)(?:r)? a (?:mi|la|el|los)\b",
)
_PRETENDING = (
    rf"{_ORDER}pretend\b(?! i )|\b(?:while|by) pretending (?:to be|that you|you(?:'re| are))\b",
    rf"(?<!they )(?<!who )(?<!people )(?<!to )\bpretend(?:ing)? (?:that )?(?:{_YOU_ARE}|it's)\b",
    rf"{_ORDER}(?:impersonate|pose as|masquerade as)\b",
    rf"\b(?:say|tell (?:them|him|her|\w+)|claim|act (?:as if|as though|like))(?: that)? {_YOU_ARE} "
    rf"(?:(?:(?:me|i)\b|my {_FAMILY}\b|(?:from )?the {_OFFICE}\b|from (?:my|his|her|their) \w+)|an? (?:real |actual )?{_ROLE}\b)",
    rf"\b(?:speak|talk|call|act|answer|sign) as (?:if you were |though you were )?(?:me\b|my {_FAMILY}\b|an? (?:real )?{_ROLE}\b)",
    rf"\b(?:make|have|let) (?:them|him|her|people|\w+) (?:think|believe)(?: that)? (?:{_YOU_ARE}|it's) (?:me\b|my|the|an?|really)",
    r"\b(?:don't|do not|never|without) (?:say|tell|mention|admit|let|reveal)(?:ing|ting)?\b[^.;!?]{0,25}"
    rf"\b(?:{_YOU_ARE}|it(?:'s| is)) (?:an? )?{_AI}\b",
    r"\b(?:use|give|under) (?:them |him |her )?a (?:false|fake|made[- ]up|different|wrong) name\b",
    r"\bfa(?:is|ites|ire)[- ](?:toi|vous|se) passer pour\b|\bgib dich (?:als|für)\b|\btu so,? als (?:ob|wärst)\b|\bh[aá](?:zte|gase) pasar por\b",
)
_KINDS = tuple(
    (reason, tuple(re.compile(pattern, re.I) for pattern in patterns))
    for reason, patterns in ((PRETENDING, _PRETENDING), (HARASSING, _HARASSING), (CANVASSING, _CANVASSING), (SELLING, _SELLING))
)


def reason(text: str) -> str:
    """Why Floyd does not do what the text orders, as a sentence for the user in their language; empty when nothing speaks against it."""
    plain = re.sub(r"[ \t]+", " ", text.replace("’", "'").replace("‘", "'")).strip()
    return in_their_language(next((why for why, patterns in _KINDS if any(pattern.search(plain) for pattern in patterns)), ""), plain)


def in_their_language(why: str, text: str) -> str:
    """One of the reasons above in the language that `text` is in."""
    return _ABROAD.get(tongue_of(text).code, {}).get(why, why)
