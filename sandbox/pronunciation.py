"""How a word sounds, in the phones of the recogniser (ARPAbet), for words that its dictionary lacks.

espeak-ng says how it would pronounce the word; its phonetic alphabet is mapped piece by piece.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sandbox.languages import ENGLISH
from sandbox.voice import phonemes

#: International Phonetic Alphabet as espeak-ng writes American English → ARPAbet. Longer pieces are tried first.
_PHONES = {
    "aɪɚ": "AY ER",
    "aɪə": "AY AH",
    "iə": "IY AH",
    "aɪ": "AY",
    "aʊ": "AW",
    "eɪ": "EY",
    "oʊ": "OW",
    "əʊ": "OW",
    "ɔɪ": "OY",
    "tʃ": "CH",
    "dʒ": "JH",
    "ɑːɹ": "AA R",
    "ɔːɹ": "AO R",
    "oːɹ": "AO R",
    "ɪɹ": "IH R",
    "ʊɹ": "UH R",
    "ɛɹ": "EH R",
    "ɜːɹ": "ER",
    "ɜː": "ER",
    "əl": "AH L",
    "ɑː": "AA",
    "ɔː": "AO",
    "oː": "AO",
    "iː": "IY",
    "uː": "UW",
    "ɚ": "ER",
    "ɝ": "ER",
    "ɐ": "AH",
    "ə": "AH",
    "ʌ": "AH",
    "ᵻ": "IH",
    "ɪ": "IH",
    "i": "IY",
    "æ": "AE",
    "a": "AE",
    "ɑ": "AA",
    "ɒ": "AA",
    "ɔ": "AO",
    "o": "OW",
    "e": "EH",
    "ɛ": "EH",
    "ʊ": "UH",
    "u": "UW",
    "ɾ": "T",
    "ɹ": "R",
    "r": "R",
    "ɡ": "G",
    "g": "G",
    "ŋ": "NG",
    "θ": "TH",
    "ð": "DH",
    "ʃ": "SH",
    "ʒ": "ZH",
    "j": "Y",
    "x": "K",
    "ʔ": "T",
    "ɬ": "L",
    "n̩": "AH N",
    "b": "B",
    "d": "D",
    "f": "F",
    "h": "HH",
    "k": "K",
    "l": "L",
    "m": "M",
    "n": "N",
    "p": "P",
    "s": "S",
    "t": "T",
    "v": "V",
    "w": "W",
    "z": "Z",
}
#: Sounds of Spanish and French that English lacks, as the nearest it has; some signs mean another sound there.
_FOREIGN_PHONES = _PHONES | {
    "ɑ̃": "AA N",
    "ɔ̃": "AO N",
    "ɛ̃": "AE N",
    "œ̃": "AH N",
    "ɾ": "D",
    "ʁ": "R",
    "β": "B",
    "ɣ": "G",
    "ɲ": "N Y",
    "ʎ": "Y",
    "ɥ": "W",
    "y": "UW",
    "ø": "UH",
    "œ": "AH",
    "a": "AA",
    "e": "EY",
}
_LONGEST = max(map(len, _FOREIGN_PHONES))
_SILENT_WORD = "AH"


def arpabet(ipa: str, among: Mapping[str, str] = MappingProxyType(_PHONES)) -> str:
    """Phones of a pronunciation; signs that mean no sound (stress, length) are passed over."""
    phones: list[str] = []
    plain = ipa.replace("ˈ", "").replace("ˌ", "").replace(" ", "")
    index = 0
    while index < len(plain):
        for length in range(min(_LONGEST, len(plain) - index), 0, -1):
            phone = among.get(plain[index : index + length])
            if phone is not None:
                phones += [part for part in phone.split() if phones[-1:] != [part] and not (part == "R" and phones[-1:] == ["ER"])]
                index += length
                break
        else:
            index += 1
    return " ".join(phones) or _SILENT_WORD


@lru_cache(maxsize=4000)
def pronounce(word: str, language: str = ENGLISH) -> str:
    """Phones of a word, as the sandbox's voice says it in a language; those that English lacks become the nearest it has."""
    return arpabet(phonemes(word)) if language == ENGLISH else arpabet(phonemes(word, voice=language), _FOREIGN_PHONES)
