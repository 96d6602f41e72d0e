"""Vietnamese syllables have a closed form: an onset, a rhyme, one tone. What breaks it was misread.

The recogniser sometimes sees one letter twice ("tiỉnh") or one that is not there ("nTuy"). When a word is no syllable
and leaving out one unsure letter makes it one, that letter goes; its low certainty stays with the word.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

ONSETS = (
    "ngh",
    "ng",
    "nh",
    "ch",
    "gh",
    "gi",
    "kh",
    "ph",
    "qu",
    "th",
    "tr",
    "b",
    "c",
    "d",
    "đ",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "x",
    "",
)
RHYME_TABLE = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uê uêch uênh uy uya uych uyên uyêt uynh uyt uyu uơ uôc uôi uôm uôn uông uôt uc ui um un ung up ut
ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
"""
RHYMES = frozenset(RHYME_TABLE.split())
TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
HOOK, GUESSED = "\u0309", 0.5  # a guess about a mark never makes a field sure
UNSURE = 0.9  # a letter below this may be left out


def is_syllable(word: str) -> bool:
    """One Vietnamese syllable in one case (lower, upper or capitalised)."""
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    spread = unicodedata.normalize("NFD", word.lower())
    if sum(mark in TONES for mark in spread) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(mark for mark in spread if mark not in TONES))
    return any(plain.startswith(onset) and rhyme_fits(onset, plain[len(onset) :]) for onset in ONSETS)


def rhyme_fits(onset: str, rhyme: str) -> bool:
    return rhyme in RHYMES or (onset == "gi" and rhyme in {"", "n", "m", "êng", "êt"})


def put_hooks_back(text: str, certainty: list[float]) -> tuple[str, list[float]]:
    """An apostrophe behind a toneless vowel is a hook above it that was seen as a sign of its own ("đê'": "để")."""
    letters, sure = list[str](), list[float]()
    for position, letter in enumerate(text):
        before = letters[-1] if letters else ""
        if letter in "'\"" and before and unicodedata.normalize("NFD", before)[0].lower() in "aeiouy":
            hooked = unicodedata.normalize("NFC", before + HOOK)
            if len(hooked) == 1 and not TONES & set(unicodedata.normalize("NFD", before)):
                letters[-1], sure[-1] = hooked, min(sure[-1], GUESSED)
                if text[position + 1 : position + 2].isalpha():
                    letters.append(" ")
                    sure.append(GUESSED)
                continue
        letters.append(letter)
        sure.append(certainty[position])
    return "".join(letters), sure


def mend(text: str, certainty: list[float]) -> tuple[str, list[float]]:
    """The line with hooks put back, and doubled letters taken out of words that are no syllables."""
    text, certainty = put_hooks_back(text, certainty)
    letters, sure = list[str](), list[float]()
    start = 0
    while start < len(text):
        end = start
        while end < len(text) and text[end].isalpha():
            end += 1
        if end == start:
            letters.append(text[start])
            sure.append(certainty[start])
            start += 1
            continue
        word, figures = mend_word(text[start:end], certainty[start:end])
        letters.append(word)
        sure.extend(figures)
        start = end
    return "".join(letters), sure


def mend_word(word: str, certainty: list[float]) -> tuple[str, list[float]]:
    if len(word) < 3 or is_syllable(word) or not (any(ord(letter) > 127 for letter in word) or mixed(word)):
        return word, certainty
    for position in sorted(range(len(word)), key=certainty.__getitem__):
        if certainty[position] >= UNSURE:
            break
        shorter = word[:position] + word[position + 1 :]
        if is_syllable(shorter):
            least = certainty[position]
            rest = certainty[:position] + certainty[position + 1 :]
            return shorter, [min(figure, least) for figure in rest]
    return word, certainty


def mixed(word: str) -> bool:
    """Small before capital letters, as in "nTuy"."""
    return any(first.islower() and second.isupper() for first, second in pairwise(word))
