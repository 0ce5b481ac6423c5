"""How callers say in German, French and Spanish what `topics` knows in English. Data."""

from __future__ import annotations

_HUMAN_DE = r"(?:menschen|person|mitarbeiter(?:in)?|kolleg(?:en|in)|berater(?:in)?|jemand(?:em|en)?)"
_HUMAN_FR = r"(?:personne|humaine?|agente?|conseill(?:er|ère)|responsable|quelqu'un|opérat(?:eur|rice)|employée?)"
_HUMAN_ES = r"(?:persona|humano|agente|alguien|encargad[oa]|representante|operador(?:a)?|gerente|empleado)"
#: By reason (`topics.Reason`).
TOPICS: dict[str, tuple[str, ...]] = {
    "legal": (
        r"(?:rechts)?anw[aä]lt(?:e|en|in|s)?",
        r"verklag(?:en|e|t)",
        r"vor gericht",
        r"diskriminier\w+",
        r"räumungsklage|rechtsberatung|mietrecht",
        r"avocate?s?",
        r"porter plainte|poursui(?:vre|s|vrai|vrons) en justice|(?:au|devant le) tribunal",
        r"conseils? juridiques?",
        r"discriminatoires?",
        r"expuls(?:é|ée|er|ion)",
        r"abogad[oa]s?",
        r"demandar(?:le|los|é|los)?|poner una demanda",
        r"asesoría legal|acciones? legales?|ante (?:el|un) juez",
        r"discriminaci[oó]n|me discrimin\w+",
        r"desalojo|desahucio",
    ),
    "liability": (
        r"haftung|haften|haftbar|schadenersatz|schadensersatz",
        r"(?:mich|mir|uns|sich) (?:\w+ ){0,4}verletzt",
        r"lebensmittelvergiftung|krankenwagen",
        r"allergische reaktion",
        r"responsabilité civile|dommages et intérêts|dommages-intérêts",
        r"(?:suis|est|été) (?:\w+ )?(?:blessée?|intoxiquée?)",
        r"intoxication alimentaire|réaction allergique",
        r"indemnización|daños y perjuicios",
        r"me (?:lastimé|lesioné|intoxiqué|herí|hice daño)",
        r"intoxicación(?: alimentaria)?|reacción alérgica",
    ),
    "financial": (
        r"(?:geld|betrag) (?:\w+ ){0,2}zurück|rückerstattung|erstatten|erstattung",
        r"doppelt (?:abgebucht|berechnet|bezahlt)|zu viel (?:abgebucht|berechnet)",
        r"ratenzahlung|mietrückstand|insolven\w+",
        r"rembours\w+",
        r"(?:débitée?|facturée?|fait payer|prélevée?) (?:deux fois|en double|en trop)",
        r"échelonner (?:le|mes|les) paiements?|retard de loyer|loyers? en retard",
        r"reembols\w+|devol(?:ver|verme|vedme|ución de)l? (?:\w+ )?dinero|devuelvan (?:\w+ )?dinero",
        r"(?:cobr(?:ado|aron)) (?:dos veces|de más|doble)",
        r"plan de pagos?|atras(?:o|ado|ada) (?:con|en) (?:el|la|mi) (?:alquiler|renta)",
    ),
    "user-requested": (
        rf"mit (?:(?:einem|einer|dem|der|ihrem|ihrer) )?(?:echten? |richtigen? )?{_HUMAN_DE} (?:sprechen|reden|verbinden|verbunden)",
        rf"(?:echte[nrm]?|richtige[nrm]?) {_HUMAN_DE}",
        rf"(?:verbinden sie mich|stellen sie mich durch) (?:bitte )?(?:mit|zu) (?:\w+ )?{_HUMAN_DE}",
        rf"parler (?:à|avec) (?:(?:un|une|le|la|votre) )?(?:vraie? )?{_HUMAN_FR}",
        rf"vraie? {_HUMAN_FR}|être humain",
        rf"passez[- ]moi (?:(?:un|une|le|la|votre) )?(?:vraie? )?{_HUMAN_FR}",
        rf"hablar con (?:(?:un|una|el|la|su) )?{_HUMAN_ES}",
        rf"{_HUMAN_ES} (?:real|de verdad|de carne y hueso)",
        rf"(?:páseme|comuníqueme|póngame) con (?:(?:un|una|el|la|su) )?{_HUMAN_ES}",
    ),
}
#: What leads to the main menu.
MENU = (
    r"haupt ?menü",
    r"zur[üu]ck zum menü",
    r"menu principal",
    r"(?:retour(?:ner)?|revenir|retournez|revenez) au menu",
    r"menú principal",
    r"(?:volver|regresar|vuelva|regrese) al men[uú]",
)
