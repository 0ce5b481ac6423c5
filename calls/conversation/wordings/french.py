"""French."""

from __future__ import annotations

import re

from calls.conversation import fixed_lines as english
from calls.conversation.wordings.wording import Wording, words

FRENCH = Wording(
    code="fr",
    name="French",
    introduction="Bonjour, ici Floyd, un assistant IA qui appelle pour {user}.",
    recorded="Cet appel est enregistré.",
    not_recorded="Bien sûr. L'enregistrement est arrêté, et rien n'en est gardé.",
    goes_on="Je suis un assistant IA. Continuons en français.",
    joining="{user} rejoint l'appel et va vous parler directement.",
    back="C'est de nouveau Floyd, l'assistant IA qui appelle pour {user}.",
    lines={
        english.ARE_YOU_THERE: "Vous êtes toujours là ?",
        english.SAY_AGAIN: "Pardon, pouvez-vous répéter ?",
        english.MISSED_THAT: "Désolé, je n'ai pas entendu. Pouvez-vous répéter ?",
        english.ONE_MOMENT: "Un instant, s'il vous plaît.",
        english.JUST_A_SECOND: "Juste une seconde.",
        english.ALMOST_THERE: "J'y suis presque.",
        english.SORRY_ONE_MOMENT: "Pardon, un petit instant.",
        english.BEAR_WITH_ME: "Désolé, encore un peu de patience.",
        english.THANKS_FOR_WAITING: "Merci d'avoir attendu.",
        english.STILL_NO_ANSWER: "Désolé, j'attends encore une réponse.",
        english.STILL_CHECKING: "Merci de patienter, je vérifie encore.",
        english.CHECK_FIRST: "Je vais d'abord vérifier.",
        english.DO_NOT_KNOW: "Désolé, je n'ai pas cette information.",
        english.CANNOT_PROMISE: "Je ne peux pas le promettre, mais je transmettrai.",
        english.CALL_BACK: "Désolé, je dois vous rappeler plus tard. Merci, au revoir.",
        english.TROUBLE: "Désolé, j'ai un problème technique et je dois terminer l'appel ici. Merci, au revoir.",
        english.NOT_UNDERSTOOD: "Désolé, je vous entends mal, je rappellerai une autre fois. Au revoir.",
        english.CANNOT_HEAR_YOU: "Désolé, je vous entends mal. Rappelez, s'il vous plaît. Au revoir.",
        english.TROUBLE_CALL_AGAIN: "Désolé, j'ai un problème technique. Rappelez dans quelques minutes, s'il vous plaît. Au revoir.",
        english.PUTTING_THROUGH: "Un instant, je vous passe quelqu'un.",
        english.GETTING_A_PERSON: "Je vous cherche quelqu'un. Un petit instant, s'il vous plaît.",
        english.NOBODY_FREE_GO_ON: (
            "Désolé, tout le monde est occupé en ce moment. J'ai noté de quoi il s'agit. Je suis toujours là, l'assistant IA. Autre chose ?"
        ),
        english.KEY_DOES_NOTHING: "Désolé, cette touche ne fait rien ici. Dites-moi simplement ce qu'il vous faut.",
        english.WHOLE_PIN: "Il me faut quatre à huit chiffres. Redites votre code en entier, ou tapez-le, s'il vous plaît.",
        english.BACK_AGAIN: "Désolé, me revoilà.",
        english.NO_RESPONSE: "Je n'entends personne, je raccroche donc. Au revoir.",
        english.TOO_LONG: "Désolé, je dois mettre fin à cet appel. Merci, au revoir.",
        english.STOPPED: "Désolé, je dois partir. Merci, au revoir.",
        english.GOODBYE: "Merci, au revoir.",
        english.TAKE_YOUR_TIME: "Bien sûr, prenez votre temps.",
        english.THANK_YOU: "Merci.",
        english.SEVERAL_VOICES: "Désolé, j'entends plusieurs voix. Pouvez-vous répéter, s'il vous plaît ?",
        english.REFUSED: "Je comprends. Merci de votre temps, au revoir.",
        english.WRONG_NUMBER: "Désolé, j'ai fait un faux numéro. Au revoir.",
        english.ENGLISH_ONLY: "Désolé, je ne parle pas cette langue. Merci, au revoir.",
        english.HELD_TOO_LONG: "Désolé, je ne peux pas attendre plus longtemps, je rappellerai une autre fois. Au revoir.",
    },
    machine=re.compile(r"\bassistante? (?:ia|i\.a\.|virtuelle?|automatique)\b", re.I),
    denial=re.compile(r"\b(?:pas|non|jamais|aucune?)\b|\bn'|\bne\b", re.I),
    objects=re.compile(
        r"\b(?:pas|sans|jamais|arrêtez|arrêter|refuse|oppose|contre|coupez|effacez)\b(?:[ ']\w+){0,5}?"
        r"[ '](?:enregistrée?s?|enregistrez|enregistrer|enregistrement|enregistre)\b"
        r"|\bn'enregistre[zr] pas\b|\benregistrez pas\b|\baucun enregistrement\b",
        re.I,
    ),
    speaks_as_machine=re.compile(
        r"\b(?:ici|je suis|je m'appelle|c'est|vous êtes (?:bien )?chez)\b[^.!?]{0,40}?"
        r"\b(?:assistante? (?:ia|i\.a\.|virtuelle?|automatique)|une ia)\b",
        re.I,
    ),
    commits=re.compile(
        r"\b(?:(?:je|on|nous|il|elle) (?:les? |la |l')?(?:prends?|prenons|prend|prendrai|prendrons|prendra|accepte(?:ns|rons|rai|ra)?|acceptons"
        r"|commande(?:rons|rai|ra)?|commandons|achète|achetons|réserve|réservons|confirme|confirmons)\b"
        r"|c'est (?:d'accord|entendu|convenu)|(?:marché|affaire) conclue?|allez-y|(?:commandez|réservez|facturez|préparez)(?:-les?|-la)?\b"
        r"|vous pouvez (?:le |la |les )?(?:commander|réserver|facturer|débiter))",
        re.I,
    ),
    assent=words("oui ouais d'accord d accord parfait entendu bien sûr très bon bonne volontiers ça marche va convient merci s'il vous plaît"),
    farewell=words(
        "au revoir merci bonne journée soirée bon beaucoup à vous aussi bientôt de rien oui d'accord d accord salut adieu tard plus et ok"
    ),
)
