"""Bytes of a mail into text, also when the mail is silent or wrong about its character set.

The order, so that nobody needs to guess by statistics:

1. A byte order mark.
2. The declared character set, read as the larger one that programs mean by the name (GB2312 → GB18030, Shift_JIS →
   CP932, ISO-8859-1 → Windows-1252), if it is one that we know and every byte fits. A declared single-byte set fits
   anything, so there text that is sound UTF-8 beyond ASCII counts as UTF-8.
3. UTF-8, if every byte fits.
4. The fallback that the caller names (the usual one of the marketplace), if every byte fits.
5. The declared set, or else the fallback, with a replacement character for each byte that does not fit.
"""

import codecs
import re
import unicodedata

FALLBACK = "cp1252"
_WIDER = {
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "cp950",
    "big5hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
# Python also knows "charsets" that cost quadratic time or are no character sets at all; only these are read.
_MULTI_BYTE_WORDS = (
    "utf-8 utf-16 utf-16-le utf-16-be utf-32 gb18030 hz cp950 big5hkscs cp932 shift_jis_2004 euc_jp "
    "euc_jis_2004 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext iso2022_kr cp949 "
    "johab "
)
_MULTI_BYTE = frozenset(_MULTI_BYTE_WORDS.split())
_SINGLE_BYTE_WORDS = (
    "cp437 cp850 cp852 cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "koi8-r koi8-u mac-roman mac-cyrillic iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 "
    "iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 "
)
_SINGLE_BYTE = frozenset(_SINGLE_BYTE_WORDS.split())
_ALIASES = {
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp943c": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-euc-jp": "euc_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "x-unknown": "",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Japanese mail programs put NEC's and IBM's characters into what they call ISO-2022-JP.
_ALSO = {"iso2022_jp": ("iso2022_jp_ext", "iso2022_jp_3")}
_WORD_CHARSET = re.compile(r"(=\?|\*=)([\w.:-]{1,40})(?=\?[bqBQ]\?|')")
_INVISIBLE = frozenset(
    "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def known_charset(name: str) -> str:
    """The codec that a declared name stands for, widened; "" for names that are not read."""
    asked = name.strip().strip("\"'").lower()[:40]
    if asked in _ALIASES:
        return _ALIASES[asked]
    try:
        found = codecs.lookup(asked).name if asked.isascii() else ""
    except (LookupError, ValueError):
        return ""
    found = _WIDER.get(found, found)
    return found if found in _MULTI_BYTE | _SINGLE_BYTE else ""


def decode(data: bytes, declared: str = "", *, fallback: str = FALLBACK) -> str:
    """The text, whatever happens; see the module for the order in which readings are tried."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    codec = known_charset(declared)
    tries = [codec, *_ALSO.get(codec, ())] if codec else []
    tries = ["utf-8", *tries] if codec in _SINGLE_BYTE else [*tries, "utf-8"]
    for one in (*tries, fallback):
        text = _strictly(data, one)
        if text is not None:
            return text
    return data.decode(codec or fallback, "replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, UnicodeError):
        return None


def widen_words(header: str) -> str:
    """A raw header with the character sets of its encoded words named as what programs mean by them."""
    return _WORD_CHARSET.sub(lambda m: m[1] + (known_charset(m[2]) or "utf-8"), header)


def plain(text: str, *, lines: bool = True) -> str:
    """Text without NULs, other control characters, lone surrogates, and marks that turn or hide text; NFC.

    Line ends become \\n, or blanks when `lines` is false.
    """
    text = text.encode("utf-8", "replace").decode()
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    kept = "".join(
        " " if c == "\t" or (c == "\n" and not lines) else c
        for c in text
        if c in "\n\t" or (c not in _INVISIBLE and unicodedata.category(c) not in ("Cc", "Cs"))
    )
    return unicodedata.normalize("NFC", kept)
