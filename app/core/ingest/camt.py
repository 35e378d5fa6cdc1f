"""camt.053 files: the bank statement of ISO 20022, of any version, with or without an envelope around it.

One booked entry is one row, as it stands on the statement: what a batch is made of is told in its memo. The parser
refuses document types and entities by itself; the text was looked through for them before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from app.core.dates import Day
from app.core.errors import BadFile, NotAStatement
from app.core.ingest.camt_entry import Node, day_of, entry_row, left_out, signed_cents
from app.core.ingest.camt_facts import chained, describe, told_apart
from app.core.ingest.decode import controls_note, without_controls
from app.core.ingest.statement import ParsedFile, ReadOptions, RowTrouble, Statement, refuse_crowd
from app.core.ingest.xml_guard import refuse_declarations
from app.core.money import dollars, money_text

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_DEEPEST = 100
"""Elements inside each other; a statement needs about fifteen."""
_LARGEST = 400_000
"""Elements of one entry, or of a heading: a batch of many thousand payments."""
_MOST_STATEMENTS = 20_000
"""One a day of many accounts; those that follow one another are joined."""
_LONGEST = 1 << 20
"""Bytes of one tag or comment."""
_MOST_NAMES = 2000
_CHUNK = 1 << 16
_AGAIN = "Download the statement again."
_DOWNLOAD = "Download the booked transactions of an account as camt.053."
_ROOTS = ("camt.05", "BkToCstmr")
"""Words of which every file of this family has one."""
_OTHERS = {
    "BkToCstmrAcctRpt": "a report of a day that is not over (camt.052); its rows come again in the statement",
    "BkToCstmrDbtCdtNtfctn": "a notice of single payments (camt.054); their rows stand in the statement, too",
}


def read(text: str, options: ReadOptions) -> ParsedFile:  # noqa: ARG001 - one signature for all readers
    """Return the statements of a camt.053 file.

    Raises: BadFile when it declares a document type or entities, or breaks off before its first row; NotAStatement for
    a report or a notice of the same family, and for a file without a statement.
    """
    text, removed = without_controls(text)
    refuse_declarations(text)
    if "<" not in text or not any(word in text for word in _ROOTS):
        raise NotAStatement("The file is no camt statement.", _DOWNLOAD)
    parsed = ParsedFile(format="camt", layout="camt-053", statements=[])
    if removed:
        parsed.notes.append(controls_note(removed))
    builder = _Builder(parsed)
    _parse(text, builder)
    if not parsed.statements:
        other = next((words for tag, words in _OTHERS.items() if tag in builder.seen), None)
        raise NotAStatement(
            f"The file is {other}." if other else "The camt file holds no statement.",
            _DOWNLOAD,
        )
    for statement in parsed.statements:
        told_apart(statement)
    parsed.statements = chained(parsed.statements)
    refuse_crowd(len(parsed.statements))
    return parsed


def _parse(text: str, builder: _Builder) -> None:
    """Let the parser walk through the text. Damaged markup costs what stands behind it, not the rows before."""
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415 - only for XML
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # noqa: PLC0415 - same

    # What the file says of its encoding was true of its bytes; the text is ours by now.
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    builder.listen(parser.parser)
    try:
        given = 0
        for start in range(0, len(text), _CHUNK):
            chunk = text[start : start + _CHUNK].encode("utf-8", "replace")
            given += len(chunk)
            parser.feed(chunk)
            # What is not complete yet the parser looks through from its start again, with every chunk.
            if given - max(parser.parser.CurrentByteIndex, 0) > _LONGEST:
                raise BadFile("One tag or comment of the file is longer than any of a statement.", _AGAIN)
        parser.close()
    except DefusedXmlException as trouble:
        raise BadFile("The file declares a document type or entities, which no bank file needs.", _AGAIN) from trouble
    except (ExpatError, SyntaxError) as trouble:  # the parser's own error is a SyntaxError
        line = max(1, parser.parser.ErrorLineNumber)
        if not builder.rows:
            raise BadFile(f"The file is damaged or cut off at line {line}.", _AGAIN, line=line) from trouble
        builder.cut(line)


class _Builder:
    """Hears the elements one by one and keeps only those of the entry or the heading that is open."""

    def __init__(self, parsed: ParsedFile) -> None:
        self._expat: XMLParserType | None = None
        self.seen: set[str] = set()
        self.rows = 0
        self._parsed = parsed
        self._open: list[Node] = []
        self._names: dict[str, str] = {}
        self._outside = 0
        """Elements that are open around the statement."""
        self._size = 0
        self._in_statement = False
        self._statement: _Open | None = None
        self._entry_open: Node | None = None

    def listen(self, expat: XMLParserType) -> None:
        """Hear the elements from the parser itself; its handlers that refuse declarations stay as they are."""
        self._expat = expat
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.CharacterDataHandler = self._data

    def _start(self, tag: str, attributes: Sequence[str]) -> None:
        """Open an element; names and values of its attributes stand by turns."""
        name = self._names.get(tag) or self._named(tag)
        nodes = self._open
        if self._outside + len(nodes) >= _DEEPEST:
            raise BadFile("The file is nested deeper than any statement.", _AGAIN, line=self._line())
        if not nodes:
            self._start_outside(name)
            return
        self._size += 1
        if self._size > _LARGEST:
            raise BadFile("One entry of the file is larger than any batch.", _AGAIN, line=self._line())
        currency = ""
        if attributes and "Ccy" in attributes[::2]:
            currency = attributes[attributes.index("Ccy") + 1].strip().upper()
        if name == "Ntry":
            node = Node(currency, self._line())
            if len(nodes) == 1:
                self._entry_open = node  # read when it is whole, and kept no longer
            else:
                nodes[-1].add(name, node)
        else:
            node = Node(currency, 0)
            nodes[-1].add(name, node)
        nodes.append(node)

    def _start_outside(self, name: str) -> None:
        if name in _OTHERS or name == "BkToCstmrStmt":
            self.seen.add(name)
        if name == "Stmt" and "BkToCstmrStmt" in self.seen:
            self._statement = _Open()
            self._size = 0
            self._open.append(self._statement.heading)
        else:
            self._outside += 1

    def _named(self, tag: str) -> str:
        """Return the name of an element without its namespace."""
        if len(self._names) >= _MOST_NAMES:
            raise BadFile("The file has more kinds of elements than any statement.", _AGAIN, line=self._line())
        return self._names.setdefault(tag, tag.rpartition("}")[2].rpartition(":")[2])

    def _data(self, text: str) -> None:
        nodes = self._open
        if len(nodes) > 1:
            nodes[-1].texts.append(text)

    def _end(self, _tag: str) -> None:
        nodes = self._open
        if not nodes:
            self._outside -= 1
            return
        node = nodes.pop()
        if node is self._entry_open:
            self._entry_open = None
            self._size = 0
            self._entry(node)
        elif not nodes:
            self._close()

    def close(self) -> None:
        """Do nothing: the parser asks for it at the end of the file."""

    def cut(self, line: int) -> None:
        """Keep what was read before the markup broke."""
        self._parsed.rejected.append(RowTrouble(line, "the file is damaged or cut off here; nothing behind it is read"))
        if self._statement is not None:
            self._close(whole=False)

    def _line(self) -> int:
        return self._expat.CurrentLineNumber if self._expat is not None else 1

    def _entry(self, node: Node) -> None:
        assert self._statement is not None, "entries stand in a statement"
        self.rows += 1
        reason = left_out(node)
        if reason:
            self._parsed.skipped.append(RowTrouble(node.line, reason))
            return
        try:
            self._statement.statement.rows.append(entry_row(node, self._statement.currency()))
        except ValueError as trouble:
            self._parsed.rejected.append(RowTrouble(node.line, str(trouble)))

    def _close(self, *, whole: bool = True) -> None:
        """Finish the statement that is open."""
        found, self._statement = self._statement, None
        self._open.clear()
        assert found is not None, "a statement was open"
        statement = found.statement
        statement.currency = found.currency()
        describe(statement, found.heading)
        opening, closing = found.balance(statement, "OPBD", "PRCD"), found.balance(statement, "CLBD")
        if closing is not None and whole:
            statement.balance_cents, statement.balance_day = closing
        statement.opening_cents = opening[0] if opening else None
        total = _total(statement)
        if whole and opening and closing and total is not None and opening[0] + total != closing[0]:
            opened, rows, closed = (_words(cents, statement.currency) for cents in (opening[0], total, closing[0]))
            self._parsed.notes.append(
                f"The statement opens at {opened} and its rows come to {rows}, but it closes at {closed}: rows are "
                "missing from it or were not read."
            )
        self._parsed.statements.append(statement)
        if len(self._parsed.statements) > _MOST_STATEMENTS:
            raise BadFile(
                f"The file holds more than {_MOST_STATEMENTS:,} statements.", "Download the statement of one account."
            )


def _total(statement: Statement) -> int | None:
    """Return what the rows come to in the currency of the account, None where one has no worth in it."""
    total = 0
    for row in statement.rows:
        moved = row.cents if row.currency is None else row.usd_cents if statement.currency == "USD" else None
        if moved is None:
            return None
        total += moved
    return total


def _words(cents: int, currency: str) -> str:
    return money_text(cents) if currency == "USD" else f"{dollars(cents)} {currency}"


class _Open:
    """The statement that is being read: its heading so far, its rows so far."""

    def __init__(self) -> None:
        self.heading = Node("", 0)
        self.statement = Statement(rows=[])
        self._currency = ""

    def currency(self) -> str:
        """Return the currency of the account: as it says, else that of its balances, else US dollars."""
        if not self._currency:
            stated = self.heading.text("Acct", "Ccy") or next(
                (amount.currency for bal in self.heading.every("Bal") if (amount := bal.first("Amt"))), ""
            )
            code = stated.strip().upper()
            self._currency = code if len(code) == 3 and code.isascii() and code.isalpha() else "USD"
        return self._currency

    def balance(self, statement: Statement, *codes: str) -> tuple[int, Day] | None:
        """Return the newest balance of one of these codes in the account's currency, the first code that is there."""
        for code in codes:
            found = []
            for bal in self.heading.every("Bal"):
                amount = bal.first("Amt")
                if bal.text("Tp", "CdOrPrtry", "Cd") != code or amount is None:
                    continue
                day = day_of(bal, "Dt")
                if day is None or (amount.currency or statement.currency) != statement.currency:
                    continue
                try:
                    found.append((day, signed_cents(bal)))
                except ValueError:
                    continue
            if found:
                day, cents = max(found) if code == "CLBD" else min(found)
                return cents, day
        return None
