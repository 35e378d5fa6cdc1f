"""From the text of a deposit to the name of whoever paid it.

Banks cut names to the width of a field, wrap them in labels and put the payer's own words for the payment behind them;
a payment service puts its mark before. What is left is a name that is equal for two payments of one payer.
"""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import NamedTuple

from app.core.books.vocabulary import AccountKind
from app.core.classify.clean import gentle, words_of


class Method(StrEnum):
    """How the money came."""

    ACH = "ach"
    ZELLE = "zelle"
    VENMO = "venmo"
    PAYPAL = "paypal"
    CASH_APP = "cash_app"
    WIRE = "wire"
    CHECK = "check"
    PROCESSOR = "processor"
    CASH = "cash"
    OTHER = "other"


class Source(IntEnum):
    """Who says the name; a person's word is shown before the merchant base's, and that before a text."""

    TEXT = 0
    BASE = 1
    PERSON = 2


class Named(NamedTuple):
    """The payer as one text names them."""

    key: str
    """Letters and digits of the name without spaces and legal forms; empty when the text names nobody."""
    words: tuple[str, ...]
    name: str
    """For people, as it stands in the text or as the merchant base writes it."""
    company: str | None
    """The id of an ACH originator: the same for all payments of one company."""
    cut: bool
    """The name fills its field, so letters may be missing at its end."""
    method: Method
    network: str
    """The key of the card or payment network that brought the money and reports it; empty for none."""
    source: Source = Source.TEXT


NOBODY = Named("", (), "", None, False, Method.OTHER, "")

_CARRIERS: dict[str, Method] = {
    "billcom": Method.ACH, "bill": Method.ACH, "melio": Method.ACH, "ramp": Method.ACH, "zelle": Method.ZELLE,
    "venmo": Method.VENMO, "paypal": Method.PAYPAL, "cashapp": Method.CASH_APP, "stripe": Method.PROCESSOR,
    "square": Method.PROCESSOR, "sq": Method.PROCESSOR, "wise": Method.WIRE, "transferwise": Method.WIRE,
    "payoneer": Method.ACH, "gusto": Method.ACH, "deel": Method.ACH, "intuit": Method.PROCESSOR,
    "quickbooks": Method.PROCESSOR,
}  # fmt: skip
"""Companies that only carry another's money: where the payer's own name stands beside theirs, that is the payer."""

_NETWORKS = {"paypal", "venmo", "cashapp", "stripe", "square", "sq", "intuit", "quickbooks"}

_HOUSES = {
    AccountKind.STRIPE: "Stripe", AccountKind.SQUARE: "Square", AccountKind.ETSY: "Etsy", AccountKind.UPWORK: "Upwork",
}  # fmt: skip
"""Accounts in which the company itself is the payer, whoever its customers are: it reports what it paid."""

_WALLETS = {
    AccountKind.PAYPAL: (Method.PAYPAL, "paypal"), AccountKind.VENMO: (Method.VENMO, "venmo"),
    AccountKind.CASHAPP: (Method.CASH_APP, "cashapp"), AccountKind.WISE: (Method.WIRE, ""),
    AccountKind.PAYONEER: (Method.ACH, ""), AccountKind.CASH: (Method.CASH, ""),
}  # fmt: skip

_LEGAL = frozenset(
    {"inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "co", "company", "pllc", "plc",
     "pc", "gmbh", "dba", "the", "and"}
)  # fmt: skip
_LEGAL_FRAGMENTS = frozenset(
    form[:size] for form in ("inc", "llc", "llp", "ltd", "corporation", "company", "pllc") for size in range(1, 4)
)
_SHORT_FOR = {
    "grp": "group", "svc": "services", "svcs": "services", "svs": "services", "service": "services",
    "intl": "international",
    "mgmt": "management", "mgt": "management", "mfg": "manufacturing", "assoc": "associates", "assocs": "associates",
    "dept": "department", "univ": "university", "natl": "national", "hosp": "hospital", "ctr": "center",
    "centre": "center", "bros": "brothers", "prod": "productions", "prods": "productions", "ent": "enterprises",
    "tech": "technologies", "technology": "technologies", "sys": "systems", "system": "systems", "solns": "solutions",
    "solution": "solutions", "ptnrs": "partners", "partner": "partners", "assn": "association", "fdn": "foundation",
}  # fmt: skip
"""How names are shortened on statements, each with the form that is compared."""

_PAYMENT = frozenset(
    {"payment", "payments", "pmt", "pmts", "pymt", "pymts", "pymnt", "pymnts", "paymt", "paymnt", "paym", "pay",
     "payout", "payouts", "edi", "ap", "ach", "vendor", "vendors", "vend", "vndr", "supplier", "invoice", "invoices",
     "inv", "billpay", "bill", "payables", "payable", "acctspayable", "acctspay", "remit", "remittance", "settlement",
     "disbursement", "disb", "deposit", "dep", "directdep", "credit", "transfer", "xfer", "trnsfr", "ppd", "ccd",
     "ctx", "des", "hcclaimpmt", "achpmt", "eft", "ref", "conf", "id", "trn", "reimb", "earnings"}
)  # fmt: skip
"""Words for a payment that stand behind a name and are none."""

_LEADING = frozenset({"payment", "payments", "pmt", "credit", "deposit", "transfer", "ach", "from", "received", "wire"})
_TRAILING = frozenset({"direct", "client", "from", "of", "for", "by", "the", "and", "via"})
"""Words that are left over when the words for the payment behind them are gone."""

_NAMELESS = frozenset(
    {"deposit", "deposits", "remote", "online", "mobile", "branch", "atm", "counter", "check", "cheque", "chk", "cash",
     "teller", "customer", "regular", "edeposit", "e", "image", "capture", "cashed", "item", "items", "credit", "wire",
     "incoming", "in", "from", "transfer", "transfers", "ach", "electronic", "bank", "memo", "b", "account", "acct",
     "payment", "payments", "received", "misc", "miscellaneous", "direct", "dep", "number", "and", "at", "to", "of",
     "income", "client", "invoice", "payout", "fedwire", "domestic", "international", "instant", "rtp", "real", "time",
     "book", "internet", "phone", "zelle", "paper", "scanned", "made", "a", "by", "store", "office", "x", "merchant"}
)  # fmt: skip
"""Words of which a text may consist without naming anybody."""

_ORIGINATOR = re.compile(
    r"orig co name:\s*(?P<name>.*?)\s*"
    r"(?=orig id:|desc date:|co entry descr:|sec:|ind id:|ind name:|trace ?[#:]|eed:|trn:| ori(?:g(?: i(?:d)?)?)?$|$)"
    r"(?:orig id:\s*(?P<id>\S+))?(?:.*?co entry descr:\s*(?P<what>.*?)\s*(?:sec:.*)?$|.*$)"
)
"""Fields may be missing, and a name field of 32 letters ends within one of them."""
_ENTRY = re.compile(
    r"^(?P<name>.*?)\s+des:\s*(?P<what>.*?)\s+(?:id:|indn:|co id:).*?(?:co id:\s*(?P<id>\S+))?(?:\s+\w{3})?$"
)
_COMPANY = re.compile(r"\s(?:ppd|ccd|web|ctx|tel) id:\s*(\S+)")
_WIRE = re.compile(
    r"\b(?:b/o|orig|originator|org|obi from|by order of)\s*[:=]\s*(?:\d+/)?(?P<name>.+?)"
    r"(?=\s+(?:id|ref|snd|org bk|ogb|bnf|obi|rfb|trn|imad|omad|seq|pmt det|dtd|ssn|swf|phn)\s*[:=/]|\s+bk:|$)"
)
_SENT = re.compile(
    r"^(?:money )?(?:received )?(?P<rail>zelle|venmo|paypal|cash app|square cash|wise)?\s*\*?\s*"
    r"(?:(?:instant )?(?:credit|pmt|payment|payments|transfer|cashout|money|deposit) )?(?:received )?from:?\s+"
    r"(?P<name>.+)$"
)
_MARK = re.compile(
    r"^(?P<mark>melio|bill\.com|paypal|venmo|cash app|sq|square|stripe|ramp|wise|deel|gusto|intuit|quickbooks)\s*\*\s*"
    r"(?P<name>\S.*)$"
)
_WRAPPER = re.compile(
    r"^(?:(?:electronic|ach|external|preauthorized|pre-authorized|direct|online|mobile|remote|e-?)\s*"
    r"(?:check |cheque )?(?:deposit|credit|pmt|payment)(?: from)?"
    r"|(?:incoming |domestic |international |intl )*wire(?: transfer| in| credit)*(?: from)?|fedwire credit(?: from)?"
    r"|deposit (?:from|by)|transfer from|payment from|check deposit|cheque deposit|rtp credit"
    r"|real time payment(?: credit)?|check from|cheque from)(?![\w])[\s:*-]*(?:#\s*\d+\s*)?"
)
_INVOICE = re.compile(r"^(?:invoice|inv)\b[\s#.:]*[\w-]*\d+\s*[-–:]\s*")
_CLIENT_TAIL = re.compile(r"^(?P<name>.*?\D)\s*[-–—]\s*(?:invoice|inv)\b.*$")
_TAIL = re.compile(
    r"\s+(?:(?:ppd|ccd|web|ctx|tel) id:|ref\s?(?:#|no|:|=|num)|conf(?:irmation)?\s?#|trn\s?[:#]|trace\s?[:#]|indn:"
    r"|ind name:|on \d{1,2}/\d\d|\d\d/\d\d(?:/\d\d)?\b|memo:|for:|via\b|s?eed:).*$"
)
_ID = re.compile(r"^(?=\S*\d)[\w#.\-/*]{5,}$|^\d{4,}$|^[#*x]+\d+$")
"""A chunk that is a number or a trace, not a name: what stands behind it is the bank's or the receiver's."""
_ERASED = re.compile(r"^erased payer (?P<number>\d+)")
_LONGEST_NAME = 6
_ACH_FIELD = 15
_STATEMENT_FIELDS = frozenset({22, 23, 25, 32})


def named(text: str, merchant: str | None = None, account_kind: str = "checking", *, said: bool = False) -> Named:
    """Return whom a deposit is from.

    `merchant` is the name the merchant base knows or, with `said`, the one a person gave: that wins over every text.
    """
    body = " ".join(gentle(text).split())
    erased = _ERASED.match(body)
    if erased:
        name = f"Erased payer {erased['number']}"
        return Named(squeezed(name), name_words(name), name, None, False, Method.OTHER, "")
    company, cut, name, method, network = _taken_apart(body)
    if account_kind in _WALLETS and method in {Method.OTHER, Method.ACH}:
        method, network = _WALLETS[AccountKind(account_kind)]
    if account_kind in _HOUSES:
        house = _HOUSES[AccountKind(account_kind)]
        if not said:
            return Named(house.casefold(), (house.casefold(),), house, None, False, Method.PROCESSOR, house.casefold())
        method, network = Method.PROCESSOR, house.casefold()
    if merchant and (said or squeezed(merchant) not in _CARRIERS):
        words = name_words(merchant)
        source = Source.PERSON if said else Source.BASE
        return Named(squeezed(merchant), words, " ".join(merchant.split()), company, False, method, network, source)
    words = _payers_words(name, cut=cut)
    carrier = _carrier(words)
    if carrier:
        rest = _payers_words(" ".join(words[len(carrier) :]))
        method = _CARRIERS["".join(carrier)] if method in {Method.OTHER, Method.ACH} else method
        network = network or ("".join(carrier) if "".join(carrier) in _NETWORKS else "")
        words = rest or carrier
    elif not words and method in {Method.VENMO, Method.PAYPAL, Method.CASH_APP, Method.ZELLE}:
        return NOBODY._replace(method=method, network=network)
    if not words or all(word in _NAMELESS for word in words):
        kind = Method.CHECK if any(w in body for w in ("check", "cheque", "remote", "mobile dep")) else method
        return NOBODY._replace(method=kind, network=network)
    return Named("".join(_bare(words, cut=cut)), words, shown(words), company, cut, method, network)


def squeezed(name: str) -> str:
    """Return the key of a name: its words without legal forms and spaces; all words where nothing else is left."""
    return "".join(_bare(name_words(name), cut=False))


def name_words(name: str) -> tuple[str, ...]:
    """Return the small-letter words of a name."""
    return tuple(words_of(name.replace("&", " and ").replace(".com", "com ")))


def shown(words: tuple[str, ...]) -> str:
    """Return words of a statement as a name for people: `Northwind Labs LLC`."""
    small = {"of", "and", "the", "for"}
    large = {"llc", "llp", "lp", "pllc", "plc", "pc", "usa", "us", "dba"}
    return " ".join(
        word.upper() if word in large else word if number and word in small else word.capitalize()
        for number, word in enumerate(words)
    )


def _taken_apart(body: str) -> tuple[str | None, bool, str, Method, str]:
    """Return company id, whether the name may be cut, the text that holds the name, method and network."""
    method, network = Method.OTHER, ""
    found = _ORIGINATOR.search(body) if "orig co name:" in body else _ENTRY.match(body) if " des:" in body else None
    if found:
        name, what = found["name"], found["what"] or ""
        mark = _MARK.match(name)
        # A bill-pay service writes the payer's name over two fields: `MELIO *MERIDIAN DES:FOODS`.
        if mark and not set(words_of(what)) <= _PAYMENT:
            name = f"{name} {what}"
        if name.startswith("wire type"):
            return found["id"], False, "", Method.WIRE, ""
        # Of `B/O: NAME` the field may hold the end of the label only.
        name, method, network = _behind_mark(name.removeprefix("o: "), Method.ACH)
        return found["id"], len(found["name"]) >= _ACH_FIELD, name, method, network
    company = _COMPANY.search(body)
    wire = _WIRE.search(body)
    if wire and ("wire" in body or "b/o" in body or "trn" in body):
        return None, False, _TAIL.sub("", wire["name"]), Method.WIRE, ""
    cut = len(body) in _STATEMENT_FIELDS
    unwrapped = _WRAPPER.sub("", body)
    if unwrapped != body:
        method = _method_of_wrapper(body[: len(body) - len(unwrapped)])
    sent = _SENT.match(unwrapped)
    if sent:
        rail = (sent["rail"] or "").replace(" ", "")
        rail = "cashapp" if rail == "squarecash" else rail
        method = _CARRIERS.get(rail, method)
        network = rail if rail in _NETWORKS else ""
        unwrapped = sent["name"]
    unwrapped = _INVOICE.sub("", unwrapped)
    tail = _CLIENT_TAIL.match(unwrapped)
    unwrapped = tail["name"] if tail else unwrapped
    name, method, marked = _behind_mark(_TAIL.sub("", f" {unwrapped}").strip(), method)
    if company or body.endswith((" ppd", " ccd", " web", " ctx")):
        method = Method.ACH if method is Method.OTHER else method
    return company[1] if company else None, cut, name, method, network or marked


def _behind_mark(name: str, method: Method) -> tuple[str, Method, str]:
    mark = _MARK.match(name)
    if not mark:
        return name, method, ""
    carrier = mark["mark"].replace(".", "").replace(" ", "")
    return mark["name"], _CARRIERS.get(carrier, method), carrier if carrier in _NETWORKS else ""


def _method_of_wrapper(head: str) -> Method:
    if "wire" in head:
        return Method.WIRE
    if "check" in head or "cheque" in head or head.startswith(("mobile", "remote")):
        return Method.CHECK
    by_ach = any(word in head for word in ("ach", "electronic", "authorized", "external", "direct", "rtp", "real time"))
    return Method.ACH if by_ach else Method.OTHER


def _payers_words(name: str, *, cut: bool = False) -> tuple[str, ...]:
    """Return the words of a name up to the first number or the payer's words for the payment."""
    kept: list[str] = []
    for chunk in name.replace("&", " and ").replace(".com", "com ").split():
        if _ID.match(chunk):
            # What stands behind a trace or a number is the receiver, not the payer.
            if kept:
                break
            continue
        kept.extend(words_of(chunk))
    while len(kept) > 1 and kept[0] in _LEADING:
        kept.pop(0)
    whole = len(kept)
    for place, word in enumerate(kept):
        if place and word in _PAYMENT and not _belongs(kept, place):
            kept = kept[:place]
            break
    while len(kept) > 1 and kept[-1] in {"billcom", "melio", "ramp"}:
        kept.pop()
    if cut and len(kept) > 1 and len(kept[-1]) >= _LEAST_FRAGMENT and _begins_payment(kept[-1]):
        kept.pop()
    while len(kept) > 1 and len(kept) < whole and kept[-1] in _TRAILING:
        kept.pop()
    return tuple(kept[:_LONGEST_NAME])


_LEAST_FRAGMENT = 3


def _begins_payment(word: str) -> bool:
    return any(each.startswith(word) for each in ("payment", "vendor", "invoice", "supplier", "payable", "billpay"))


_BEHIND_PAYMENT = frozenset(
    {"systems", "solutions", "services", "group", "partners", "processing", "networks", "technologies", "media", "labs",
     "studio", "studios", "design", "agency", "inc", "llc", "corp", "management", "company", "union", "bureau"}
)  # fmt: skip


def _belongs(words: list[str], place: int) -> bool:
    """Whether a word for a payment is part of the name: `Fairview Payment Systems`, `Pacific Wire and Cable`."""
    following = words[place + 1 : place + 2]
    return bool(following) and (following[0] in _BEHIND_PAYMENT or following[0] == "and")


def _carrier(words: tuple[str, ...]) -> tuple[str, ...]:
    for size in (2, 1):
        if "".join(words[:size]) in _CARRIERS:
            return words[:size]
    return ()


def _bare(words: tuple[str, ...], *, cut: bool) -> tuple[str, ...]:
    """Return the words that are compared: legal forms off, standard short forms written out."""
    kept = list(words)
    if cut and len(kept) > 1 and kept[-1] in _LEGAL_FRAGMENTS:
        kept.pop()
    while len(kept) > 1 and kept[-1] in _LEGAL:
        kept.pop()
    joined = [word for word in kept if word not in {"and", "the"}] or kept
    return tuple(_SHORT_FOR.get(word, word) for word in joined)
