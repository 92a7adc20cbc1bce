"""Letters of other scripts that are drawn like Latin ones.

Which letters these are is a finding of Unicode Technical Standard 39, *Unicode Security Mechanisms*: single letters
whose prototype is one letter a-z or A-Z. Accents, full width and mathematical alphabets need no entry: normal forms
take them apart. Three small Cyrillic letters are added that are drawn like small capitals of Latin ones.
"""

import unicodedata
from collections.abc import Iterator
from types import MappingProxyType


def _pairs(like: str, latin: str) -> Iterator[tuple[str, str]]:
    return zip(like, latin, strict=True)


LATIN = MappingProxyType(
    dict(
        (
            *_pairs("АВЕЅІЈКМНОРСТУХѴҮӀԌԜ", "ABESIJKMHOPCTYXVYIGW"),  # Cyrillic
            *_pairs("агеорсухѕіјкмтѡѵүһҽӏԁԛԝЬ", "areopcyxsijkmtwvyheldqwb"),
            *_pairs("ͿΑΒΕΖΗΙΚΜΝΟΡΤΥΧϜϺ", "JABEZHIKMNOPTYXFM"),  # Greek
            *_pairs("αγινορσυϳᴦ", "ayivopoujr"),
            *_pairs("ՍՏՕագզհոռսցքօ", "USOwgqhnnugfo"),  # Armenian
            *_pairs("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴ", "DRTiYAJEWMHYGhZbRWSVSLCPKdGB"),  # Cherokee
            *_pairs("ⲅⲎⲒⲔⲘⲚⲞⲟⲢⲣⲤⲥⲦⲨⲬⳐ", "rHIKMNOoPpCcTYXL"),  # Coptic
            *_pairs("ꓐꓑꓒꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPdDTGKJCZFMNLSRVHWXYAEIOU"),  # Lisu
            *_pairs("ყჿ", "yo"),  # Georgian
            *_pairs("ɑɡ", "ag"),  # Latin, of phonetic alphabets
            *_pairs(
                "\u2010\u2012\u2013\u2014\u2212\u2018\u2019", "-----''"
            ),  # hyphens, dashes and apostrophes
        )
    )
)
"""From a letter to the Latin one it is taken for."""


def in_latin(name: str) -> str:
    """Return a name with every letter that is drawn like a Latin one written as that.

    >>> in_latin("аgе 18"), in_latin("мужской"), in_latin("Ｆ")
    ('age 18', 'myжckoй', 'F')
    """
    if name.isascii():
        return name
    apart = unicodedata.normalize("NFKD", name)
    return unicodedata.normalize("NFKC", "".join([LATIN.get(c, c) for c in apart]))


def foreign(name: str) -> tuple[str, ...]:
    """Return the characters of a name that are drawn like other, Latin ones, each once.

    >>> foreign("ма́le")
    ('м', 'а')
    """
    return tuple(dict.fromkeys(c for c in name if not c.isascii() and in_latin(c).isascii()))


def named(character: str) -> str:
    """Return a character's code point and name.

    >>> named("о")
    'U+043E CYRILLIC SMALL LETTER O'
    """
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed character')}"
