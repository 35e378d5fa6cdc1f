"""One answer teaches: the same merchant is booked so from then on, whatever file its rows come from."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import NotFound
from app.services.books import history, history_words
from app.services.books.open_books import Books
from app.services.classify import remembered, rules
from app.services.derived import derive
from app.services.ingest import imports
from app.services.review import questions
from app.store.row_filter import Filter
from app.store.transactions import Listed

Reopen = Callable[[Books], Books]

HEAD = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"


def bring(books: Books, folder: Path, rows: list[tuple[str, str, str]], kind: str = "csv") -> None:
    """Import rows of (month/day, text, amount) of one account as a file of a format."""
    path = folder / f"Chase6620_Activity_{len(list(folder.iterdir()))}.{kind}"
    if kind == "csv":
        lines = [f"DEBIT,{day}/2026,{text},{amount},DEBIT_CARD,,\n" for day, text, amount in rows]
        path.write_text(HEAD + "".join(lines), "utf-8")
    elif kind == "qif":
        lines = [f"D{day}/2026\nT{amount}\nP{text}\n^\n" for day, text, amount in rows]
        path.write_text("!Type:Bank\n" + "".join(lines), "utf-8")
    else:
        body = "".join(
            f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>2026{day[:2]}{day[3:]}<TRNAMT>{amount}<FITID>{day}{amount}{number}"
            f"<NAME>{text}</STMTTRN>"
            for number, (day, text, amount) in enumerate(rows)
        )
        path.write_text(
            "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>"
            "<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>322271627<ACCTID>0006620<ACCTTYPE>CHECKING</BANKACCTFROM>"
            f"<BANKTRANLIST><DTSTART>20260101<DTEND>20261231{body}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
            "utf-8",
        )
    names = [account.name for account in books.accounts.all()]
    options = imports.ImportOptions(account=names[0]) if names else imports.ImportOptions()
    [result] = imports.import_files(books, [path], options)
    assert result.error is None, result.error and result.error.message


def rows_of(books: Books, word: str) -> list[Listed]:
    return [row for row in books.transactions.listed(Filter(), 0) if word in row.text]


def answered(books: Books, word: str, *, line: str = "C27", mode: str | None = questions.ALWAYS) -> int | None:
    item = next(item for item in questions.items(books) if any(word in row.text for row in item.rows))
    return questions.answer(books, item.id, questions.Answered(kind="expense", line=line, mode=mode))[0].operation


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def test_one_answer_books_the_merchant_from_then_on_in_every_format(books: Books, folder: Path) -> None:
    bring(books, folder, [("03/02", "FIGMA MONTHLY RENEWAL", "-15.00"), ("03/05", "CORNER SHOP 12", "-9.00")])
    operation = answered(books, "FIGMA")
    assert operation is not None
    memory = remembered.learned_by(books, operation)
    assert memory is not None
    assert (memory.name, memory.sign, memory.account, memory.line, memory.ask) == (
        "Figma", -1, "Checking ··6620", "C27", False,
    )  # fmt: skip
    for number, kind in enumerate(("csv", "qif", "ofx"), 4):
        bring(books, folder, [(f"{number:02}/22", f"FIGMA MONTHLY RENEWAL {number}77", "-15.00")], kind)
    assert [(row.status, row.line) for row in rows_of(books, "FIGMA")] == [("confirmed", "C27")] * 4
    assert remembered.listed(books)[0].hits == 3, "the first was answered by itself"


def test_the_equal_rows_can_be_looked_at_before_and_follow(books: Books, folder: Path) -> None:
    bring(books, folder, [(f"0{n}/02", "FIGMA MONTHLY RENEWAL", "-15.00") for n in range(1, 7)])
    item = next(item for item in questions.items(books) if item.merchant_key == "figma")
    first = item.rows[0]
    assert set(remembered.equal_rows(books, "figma", -1, first.account_id)) == {row.id for row in item.rows}
    given = questions.Answered(kind="expense", line="C27", mode=questions.ALWAYS)
    outcome, _ = questions.answer(books, item.id, given, only=[first.id])
    assert {row.line for row in rows_of(books, "FIGMA")} == {"C27"}
    memory = remembered.learned_by(books, outcome.operation or 0)
    assert memory is not None
    assert memory.hits == 5


def test_undo_takes_the_learning_back_and_redo_brings_it_again(books: Books, folder: Path) -> None:
    bring(books, folder, [("03/02", "FIGMA MONTHLY RENEWAL", "-15.00")])
    operation = answered(books, "FIGMA")
    history.undo(books, operation)
    assert remembered.listed(books) == []
    bring(books, folder, [("04/02", "FIGMA MONTHLY RENEWAL", "-15.00")])
    assert {row.status for row in rows_of(books, "FIGMA")} == {"suggested"}


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("FIGMA MONTHLY RENEWAL", questions.ALWAYS), ("AMZN MKTP US*RT4X", questions.ONLY_THIS),
        ("CHECK 1021", questions.ONLY_THIS), ("VENMO PAYMENT", questions.ONLY_THIS),
        ("ZZYX QUORLBIN SERVICES", questions.ALWAYS),
    ],
)  # fmt: skip
def test_what_is_not_said_follows_the_merchant(books: Books, folder: Path, text: str, mode: str) -> None:
    """A merchant of one sort is learned, a shop for everything and words that name nobody are not."""
    bring(books, folder, [("03/02", text, "-15.00")])
    [item] = questions.items(books)
    assert questions.usual_mode(books, item) == mode
    answered(books, text, mode=None)
    assert len(remembered.listed(books)) == (mode == questions.ALWAYS)


def test_asked_each_time_is_never_booked_by_itself(books: Books, folder: Path) -> None:
    bring(books, folder, [("03/02", "FIGMA MONTHLY RENEWAL", "-15.00")])
    answered(books, "FIGMA", mode=questions.ASK_EACH_TIME)
    bring(books, folder, [("04/02", "FIGMA MONTHLY RENEWAL", "-15.00")])
    newest = rows_of(books, "FIGMA")[0]
    assert (newest.status, newest.line) == ("suggested", "C27")


def test_what_was_learned_is_changed_and_made_a_rule_in_one_step(books: Books, folder: Path) -> None:
    bring(books, folder, [(f"0{n}/02", "FIGMA MONTHLY RENEWAL", "-15.00") for n in (1, 2)])
    item = next(item for item in questions.items(books) if item.merchant_key == "figma")
    given = questions.Answered(kind="expense", line="C27", mode=questions.ALWAYS)
    questions.answer(books, item.id, given, only=[item.rows[0].id])
    [memory] = remembered.listed(books)
    remembered.change(books, *memory[:3], {"line": "C8"})
    assert history_words.newest_label(books) == "Changed the answer for Figma"
    assert sorted(row.line for row in rows_of(books, "FIGMA")) == ["C27", "C8"]
    assert remembered.change(books, *memory[:3], {"line": "C8"}).operation is None, "nothing differs"
    [memory] = remembered.listed(books)
    done, number = remembered.make_rule(books, *memory[:3], remembered.as_rule(memory))
    assert remembered.listed(books) == []
    [(rule, hits)] = rules.listed(books)
    assert (rule.id, rule.counterparty, rule.sign, rule.line, hits) == (number, "Figma", -1, "C8", 1)
    assert sorted(row.line for row in rows_of(books, "FIGMA")) == ["C27", "C8"]
    history.undo(books, done.operation)
    assert (rules.listed(books), remembered.listed(books)) == ([], [memory])
    with pytest.raises(NotFound):
        remembered.change(books, "nobody", -1, 1, {"line": "C8"})


MERCHANTS = {
    "FIGMA": ["FIGMA MONTHLY RENEWAL {n}", "FIGMA* SUB {n}", "POS FIGMA {n} SAN FRANCISCO CA"],
    "MOO": ["MOO.COM {n}", "SQ *MOO {n}"],
    "QUORLBIN": ["ZZYX QUORLBIN {n}", "POS ZZYX QUORLBIN {n}", "ZZYX QUORLBIN #{n}"],
    "MAILCHIMP": ["MAILCHIMP *MISC {n}", "INTUIT *MAILCHIMP {n}"],
}


@pytest.mark.parametrize("seed", range(6))
def test_a_corrected_mistake_never_comes_back(
    make_books: Callable[..., Books], folder: Path, reopen: Reopen, seed: int
) -> None:
    """Whatever happens next: the same file again, other files and formats, other answers, new labels, a restart."""
    draw = random.Random(seed)
    books = make_books(f"home{seed}")
    learned: dict[str, str] = {}
    files: list[tuple[list[tuple[str, str, str]], str]] = []
    day = 0

    def more(kind: str) -> None:
        nonlocal day
        rows = []
        for _ in range(3):
            day += 1
            name = draw.choice(sorted(MERCHANTS))
            text = draw.choice(MERCHANTS[name]).format(n=draw.randint(100, 99_999))
            rows.append((f"{1 + day % 12:02}/{13 + day // 12:02}", text, f"-{draw.randint(3, 300)}.00"))
        files.append((rows, kind))
        bring(books, folder, rows, kind)

    more("csv")
    for _ in range(14):
        step = draw.choice(["file", "file", "again", "answer", "answer", "restart", "rebuild", "rule"])
        if step == "file":
            more(draw.choice(["csv", "qif", "ofx"]))
        elif step == "again":
            bring(books, folder, *draw.choice(files))
        elif step == "restart":
            books = reopen(books)
        elif step == "rebuild":
            with books.work.operation("rules_order") as work:
                derive.rebuild(work)
        elif step == "rule":
            _, number = rules.add(books, {"text": "SOMETHING ELSE", "kind": "personal"})
            rules.remove(books, number or 0)
        else:
            item = next(iter(questions.items(books)), None)
            if item is not None and item.merchant_key:
                line = draw.choice(["C8", "C18", "C22", "C27"])
                given = questions.Answered(kind="expense", line=line, mode=questions.ALWAYS)
                questions.answer(books, item.id, given)
                learned[item.merchant_key] = line
        for row in books.transactions.listed(Filter(), 0):
            key = books.transactions.merchant_keys([row.id])[row.id][0]
            if key in learned:
                assert (row.status, row.kind, row.line) == ("confirmed", "expense", learned[key]), (step, row.text)
    assert learned
