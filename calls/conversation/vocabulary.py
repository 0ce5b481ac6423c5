"""Words that are no names and no content, for telling an invented name from the first word of a sentence. English."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


#: Written with a capital anywhere, and still nobody's name.
CAPITALISED = _words(
    """i i'm i'll i've i'd ai a.i ia i.a ok okay am pm mr mrs ms miss mx dr doctor sir madam ma'am mister professor st saint road street avenue
    january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec
    monday tuesday wednesday thursday friday saturday sunday christmas easter thanksgiving halloween english french spanish german italian
    chinese canadian american indian european god internet visa mastercard interac wi-fi wifi tv dvd pdf id gps vip asap eta faq grade room unit
    suite number apartment apt floor extension ext order line gate north south east west central city town mum mom dad grandma grandpa floyd
    gmt est edt pst utc usd cad dollars hst gst vat pin sms mms email nato alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet
    juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky x-ray xray yankee zulu"""
)

#: What sentences begin with on the phone, and words that are common in any place.
ORDINARY = _words(
    """a about above absolutely access according actually add after afterwards again all almost alright also although always amazing among an and
    another answer any anybody anyone anything anyway apologies apparently appreciate are aren't around as ask assuming at awesome back based be
    because before behind believe below besides best better between big book both bouquet bring brilliant business busy but by bye call calling
    calls can can't cannot card care cash certain certainly charge check checking cheers class classic close come confirm confirmed congratulations
    correct correction could couldn't course currently daisies daisy dear definitely deliver delivery depending despite did didn't different do does
    doesn't don't double down due during each early either else end enjoy enough especially even evening eventually ever every everybody everyone
    everything exactly excellent excuse exciting fair fantastic far few fifteen fifty fine finally first five flower flowers follow following for
    forgive forty four fourteen free fresh from full fully further general generally get give given glad go goes going good goodbye goodness got
    gotcha grand great greetings guess had hadn't half hang happily happy hard has hasn't have haven't having he he'd he'll he's hello help her
    here here's hey hi him his hm hmm hold holding home honestly hope hopefully how how's however hundred if in incidentally included including
    indeed initially instead interesting is isn't it it'd it'll it's its just keep kind kindly know last lastly late later let let's lets light
    like likely likewise lilies lily listen little long look lovely main many may maybe me mean meanwhile might mind mine minus moment more moreover
    morning most mostly much must my name names naturally near nearly need neither never nevertheless new next nice night nine no nobody none nope
    nor normal normally not note nothing noted now obviously of off oh on once one ones only open or order orders originally other others otherwise
    ought our ours out over overall own pardon part particularly past pay peonies peony perfect perhaps personally pick pickup place plain plan
    plant please pleased pleasure plus possible possibly prefer preferably presumably pretty price probably problem promise purchase put quick
    quickly quite rather ready really regarding regards regrettably remember repeat right rose roses round sadly same say school second see seems
    seriously set seven several shall she she'd she'll she's should shouldn't simple simply since six sixteen sixty small so some somebody someone
    something sometimes somewhat soon sorry sounds speaking specifically spell spelled spring standard start still stop strange such super
    supposedly sure surely take taking talk tell ten than thank thanks that that'll that's the their theirs them then there there'd there'll
    there's therefore these they they'd they'll they're they've thing things think third thirteen thirty this those though thousand three through
    thus till time to today together tomorrow tonight too total totally touch tough toward tricky triple true truly try tulips twelve twenty two
    unable under understood unfortunately unless until up upon us usual usually very voicemail wait waiting want was wasn't we we'd we'll we're
    we've week welcome well were weren't what what's whatever when when's whenever where where's wherever whether which whichever while who who's
    whoever whole whom whose why will wish with within without won't wonderful word worry would wouldn't wow wrong yeah year years yep yes
    yesterday yet you you'd you'll you're you've your yours zero afternoon assistant august agreed anytime appointment available birthday
    message number phone question sick user address arrangement basic both budget car classic colour color contact daughter son wife
    husband mother father child kids family teacher student doctor dentist garage florist shop store nothing's everything's anything's
    message's noon midnight eight eighteen eighty eleven ninety nineteen seventeen seventy million red white pink yellow blue green purple orange
    mixed seasonal summer autumn fall winter premium deluxe regular large medium small gift ribbon vase express same-day"""
)

#: Words that say nothing by themselves: left out when two texts are compared by what they are about.
EMPTY = ORDINARY - _words(
    """birthday book bouquet budget busy call car card cash charge class colour color contact daughter son wife husband mother father child kids
    family teacher student doctor dentist deliver delivery daisies daisy flower flowers home lilies lily message name names order orders peonies
    peony phone pickup plant price purchase rose roses school shop store sick tulips voicemail address appointment teacher red white pink yellow
    blue green purple orange ribbon vase gift today tomorrow tonight yesterday week weekend spring summer winter autumn evening afternoon
    morning night wait year years back"""
) | _words("am is are was were been being i'm floyd user that's let lets yes no okay ok tom's mr mrs ms dr")
