"""The tags of an OFX file, SGML or XML, well formed or not.

Banks write OFX as they please: no header, lower case, attributes, missing end tags, all on one line. So there is no
tree and no parser state here: a record is what stands between two record tags, a field is a tag with the text after it.
That reads every form with one expression and never recurses. A file in plain upper case goes the short way; any other
is brought to that form once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from app.core.errors import BadFile
from app.core.ingest.decode import without_controls
from app.core.ingest.statement import MOST_REJECTED, too_many_rejected
from app.core.ingest.values import folded
from app.core.ingest.xml_guard import refuse_declarations

RECORD = "STMTTRN"

_FIELD = re.compile(r"<([A-Za-z][A-Za-z0-9._]{0,31})(?:\s[^<>]*)?/?>([^<]*)")
_TAG = re.compile(
    r"<(\s{0,8}+(?:/\s{0,8}+)?)((?:[A-Za-z][A-Za-z0-9_]{0,15}:)?)([A-Za-z][A-Za-z0-9._]{0,31})(\s[^<>]*)?/?>"
)
_AFTER_RECORDS = re.compile(
    r"</?(?:BANKTRANLISTP?|INVTRANLIST|INVBANKTRAN|STMTTRNP|LEDGERBAL|AVAILBAL|BALLIST|(?:CC|INV)?STMTRS"
    r"|(?:CC|INV)?STMTTRNRS|(?:BANK|CREDITCARD|INVSTMT)MSGSRSV1|INVPOSLIST|INVBAL|OFX)[\s>]"
)
_ORDER = re.compile("<(?:XFERINFO|PMTINFO|EXTPMTINFO)>")
"""Orders to pay, which have an amount and are no rows."""
_USUAL = frozenset({"TRNAMT", "DTPOSTED", "FITID"})
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos|nbsp)|#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6}));?")
_BLOCK = re.compile(r"<!--|<!\[CDATA\[")
_MOST_TAGS = 2_000_000
_TAGS_A_RECORD = 200
"""Tags of a whole file for each of its records: transactions, trades and securities have a few dozen."""
_MOST_COMMENTS = 1_000_000
_AGAIN = "Download the statement again."
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


def prepare(text: str) -> tuple[str, int]:
    """Return the text in plain form (upper-case tags without attributes) and the number of control characters removed.

    Line breaks are kept, so that positions still tell lines.

    Raises: BadFile when the text declares entities or a document type, or holds millions of tags and hardly a row.
    """
    text, removed = without_controls(text)
    refuse_declarations(text)
    _refuse_emptiness(text)
    if "<!" in text:
        text = _without_blocks(text)
    return (text if _is_plain(text) else _TAG.sub(_plain_tag, text)), removed


def _refuse_emptiness(text: str) -> None:
    """Refuse what would be looked through for long and gives no rows. Only counting, which takes no time.

    A record has its start tag and mostly an end tag; whatever spelling, it is no row without an amount.
    """
    tags = text.count("<")
    if tags <= MOST_REJECTED:
        return
    lowered = text.lower()
    starts = lowered.count("stmttrn")
    if starts // 2 - lowered.count("trnamt") > MOST_REJECTED:
        raise too_many_rejected()
    records = starts + lowered.count("fitid") + lowered.count("secid")
    if tags > _MOST_TAGS and tags > _TAGS_A_RECORD * records:
        raise BadFile("The file holds millions of tags and hardly a row, so it is no statement.", _AGAIN)
    if text.count("<!--") > _MOST_COMMENTS:
        raise BadFile(f"The file holds more than {_MOST_COMMENTS:,} comments, so it is no statement.", _AGAIN)


def records(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield start, end and whether it is closed of each transaction record in text[start:end], in file order.

    A record without an end tag ends where the next begins or the list is over. Fields of a transaction that stand
    between records (its own start tag is damaged) come as a record too: a row is never lost silently.
    """
    opening, closing = f"<{RECORD}>", f"</{RECORD}>"
    here = text.find(opening, start, end)
    yield from _stray(text, start, here if here >= 0 else end)
    while here >= 0:
        following = text.find(opening, here + 9, end)
        bound = following if following >= 0 else end
        stop = text.find(closing, here + 9, bound)
        if stop >= 0:
            yield here, stop, True
            if bound - stop > 24:
                yield from _stray(text, stop + 10, bound)
        else:
            after = _AFTER_RECORDS.search(text, here + 9, bound)
            stop = after.start() if after else bound
            yield here, stop, after is not None or following >= 0
            if after:
                yield from _stray(text, stop, bound)
        here = following


def ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the first record of text[start:end] starts and the last one ends; `end` twice without a record."""
    first = next(records(text, start, end), None)
    if first is None:
        return end, end
    *_, last = records(text, max(text.rfind(f"<{RECORD}>", start, end), start), end)
    return first[0], last[1]


class FieldReader:
    """Reads the fields of plain records. A bank writes its fields in one order, so orders seen before are tried first.

    One expression for the whole record reads three times as fast as one for each field.
    """

    __slots__ = ("_seen", "_shapes")
    _MOST_SHAPES = 4
    _MOST_SEEN = 64

    def __init__(self) -> None:
        self._shapes: list[tuple[re.Pattern[str], tuple[str, ...]]] = []
        self._seen: set[tuple[str, ...]] = set()

    def read(self, text: str, start: int, end: int) -> dict[str, str] | None:
        """Return the fields of text[start:end], values untrimmed.

        None when the record is not plain: a stray `<`, a tag twice, lower case, or one of the usual tags missing.
        """
        for number, (pattern, tags) in enumerate(self._shapes):
            found = pattern.fullmatch(text, start, end)
            if found:
                if number:
                    self._shapes.insert(0, self._shapes.pop(number))
                return dict(zip(tags, found.groups(), strict=False))
        if text.find("<TRNAMT>", start, end) < 0:
            return None
        pairs = _FIELD.findall(text, start, end)
        result = dict(pairs)
        count = len(pairs)
        if count != len(result) or text.count("<", start, end) - text.count("</", start, end) != count:
            return None
        if not (result.keys() >= _USUAL and ("NAME" in result or "MEMO" in result)):
            return None
        tags = tuple(result)
        if any(tag.upper() != tag for tag in tags):
            return None
        if tags not in self._seen and len(self._seen) < self._MOST_SEEN:
            self._seen.add(tags)
            self._shapes.insert(0, (_shape(tags), tags))
            del self._shapes[self._MOST_SHAPES :]
        return result


def _shape(tags: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression for a record of these tags, with or without end tags."""
    return re.compile("".join(rf"<{re.escape(tag)}>([^<]*)(?:</[A-Z0-9._]+>\s*)*" for tag in tags))


def careful_fields(text: str, start: int, end: int) -> list[tuple[str, str]]:
    """Return tag and text pairs of any record: upper case, a `<` that opens no tag kept as text, repeats kept."""
    result: list[tuple[str, str]] = []
    tags = list(_TAG.finditer(text, start, end))
    for number, tag in enumerate(tags):
        stop = tags[number + 1].start() if number + 1 < len(tags) else end
        name = ("/" if "/" in tag[1] else "") + tag[3].upper()
        result.append((name, text[tag.end() : stop]))
    return result


def plain_text(value: str) -> str:
    """Return the text of a field: entities resolved (no others than the five of XML, blanks and numbers), folded."""
    if "&" in value:
        value = _ENTITY.sub(_character, value)
        # some banks escape twice: `AT&amp;amp;T`
        if "&" in value:
            value = _ENTITY.sub(_character, value)
        value = without_controls(value)[0]
    return folded(value)


class LineCounter:
    """Line numbers of growing positions in a text, without making a list of lines."""

    __slots__ = ("_break", "_line", "_position", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._break = "\n" if "\n" in text else "\r"
        self._line = 1
        self._position = 0

    def breaks(self, start: int, end: int) -> bool:
        """Whether a line ends between two positions."""
        return self._text.find(self._break, start, end) >= 0

    def at(self, position: int) -> int:
        """Return the 1-based line of a position; quick when positions grow from call to call."""
        if position < self._position:
            self._line, self._position = 1, 0
        self._line += self._text.count(self._break, self._position, position)
        self._position = position
        return self._line


def _is_plain(text: str) -> bool:
    """Whether every record and statement tag stands as the standard writes it; counting is quicker than matching."""
    lowered = text.lower()
    return (
        lowered.count("stmttrn") == text.count("STMTTRN>") + text.count("STMTTRNRS>")
        and lowered.count("stmtrs") == text.count("STMTRS>")
        and not any(odd in text for odd in (" STMT", ":STMT", "/>", "\tSTMT"))
    )


def _plain_tag(tag: re.Match[str]) -> str:
    return _plainly(tag[0])


@lru_cache(maxsize=1024)
def _plainly(written: str) -> str:
    """Return a tag in plain form. The few tags of a file stand in it again and again."""
    tag = _TAG.fullmatch(written)
    assert tag is not None, "only tags are asked for"
    breaks = "".join(c for c in written if c in "\r\n")
    return ("</" if "/" in tag[1] else "<") + tag[3].upper() + ">" + breaks


def _without_blocks(text: str) -> str:
    """Return the text with comments blanked and CDATA as plain escaped text; line breaks stay."""
    parts: list[str] = []
    here = 0
    while block := _BLOCK.search(text, here):
        start = block.start()
        parts.append(text[here:start])
        if block[0] == "<!--":
            stop = text.find("-->", start + 4)
            if stop < 0:
                parts.append(text[start:])
                here = len(text)
                break
            parts.append("".join(c for c in text[start:stop] if c in "\r\n"))
            here = stop + 3
        else:
            stop = text.find("]]>", start + 9)
            if stop < 0:
                parts.append(text[start + 9 :])
                here = len(text)
                break
            parts.append(text[start + 9 : stop].replace("&", "&amp;").replace("<", "&lt;"))
            here = stop + 3
    parts.append(text[here:])
    return "".join(parts)


def _stray(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield a transaction whose own start tag is damaged, found by its amount outside of any record."""
    if text.find("<TRNAMT>", start, end) < 0:
        return
    pending = text.find(f"<{RECORD}P>", start, end)
    stop = pending if pending >= 0 else end
    if text.find("<TRNAMT>", start, stop) < 0 or _ORDER.search(text, start, stop):
        return
    first = text.find("<", start, stop)
    closing = text.find(f"</{RECORD}>", start, stop)
    yield first, closing if closing >= 0 else stop, True


def _character(entity: re.Match[str]) -> str:
    if entity[1]:
        return _NAMED[entity[1]]
    number = int(entity[2]) if entity[2] else int(entity[3], 16)
    if number in range(32) or number in range(0xD800, 0xE000) or number > 0x10FFFF:
        return " "
    return chr(number)
