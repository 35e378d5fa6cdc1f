"""How likely two legs are one movement of money: the score of one candidate pair.

The numbers are those of the design (matching, B), in hundredths, so that sums are exact. A pair needs a phrase of
moving money on one side at least; what argues against it beyond the score makes it a question, never a link.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from app.core.books.vocabulary import AccountKind
from app.core.dates import Day
from app.core.match.naming import WALLETS, Account, Mentions, Naming, institution_words, naming
from app.core.money import money_text

LINK = 100
"""Points from which a pair is linked."""
MARGIN = 80
"""Points by which it must beat every other way to pair its legs."""
FLOOR = LINK - MARGIN
ASK = -60
"""Points from which a pair with one phrase is worth a question."""
DAYS_BEFORE, DAYS_AFTER = 6, 7
_EARLY = 4
"""Days by which money of one bank account arrives before it leaves another; cards and wallets are earlier."""
LARGEST_FEE_CENTS = 2_500
_NEVER = -10_000
_LAG_POINTS = (0, -30, -60, -90, -140, -180, -260, -260)
_INSTANT_RATES = ((175, 10_000), (150, 10_000))
"""Instant payout fees of PayPal and Venmo (1.75 %) and of Square and Stripe (1.5 %), as published in 2025."""
_USUAL_FEE, _ODD_FEE = -220, -340
_BY_DIGITS = 200
"""Points from which a text names the other account by its digits, as only its own bank's words for a transfer do."""
_BY_BANK = 150
_AT_ONCE = 1
_ODD_FROM, _ODD_DAYS = 10_000, 3
"""Cents and days by which a sum that left a wallet is known again in the bank by its cents alone."""
"""Days that money needs between people."""

_SILENT = -250
"""Points of a side that does not speak of this movement."""
_BARE = -140
"""Points of such a side if it says that money came or went and nothing else."""
_BARE_WORDS = frozenset({"ACH", "CREDIT", "DEBIT", "DEPOSIT", "ELECTRONIC", "WITHDRAWAL"})
_CUT = 5
"""Letters from which a last word may be one that the bank's field was too short for."""
_RAILS = (" ZELLE ", " WIRE ", " FEDWIRE ", " RTP ", " VENMO ", " CASH APP ", " POPMONEY ")
"""Ways money goes between people as well as between one's own accounts: alone no evidence."""
_WIRES = (" WIRE ", " FEDWIRE ")
_COSTLY, _COSTLY_DAYS = (*_WIRES, " INSTANT "), 1
"""Ways that are quick and cost a fee."""
_BLAND = frozenset(
    """ABA ACCOUNT ACCT ACH ADD ADDED ADJUSTMENT AND ANOTHER APR AUG AUTO AUTOMATIC AUTOPAY BALANCE BANK BANKING
    BENEFICIARY BILL BNF BOOK BRANCH BUSINESS CARD CASH CASHOUT CCD CHECK CHECKING CHK CONF CONFIRMATION CORP
    CRD CREDIT CTR DATE DAY DDA DEBIT DEC DEPOSIT DES DESCR DIGITAL DIRECT DOMESTIC ELECTRONIC ENDING ENTRY EVERYDAY
    EXT EXTERNAL FEB FED FEDWIRE FEE FOR FROM FTR FUND FUNDS HOME IBANK IFI IMAD INC INCOMING INDN INST INSTANT
    INTERNAL INTERNET INTO JAN JUL JUN LINKED LLC MAR MAY MEMO MISC MOBILE MONEY MOVE MY NAME NEXT NOV OCT OMAD
    ONLINE OPERATING ORG ORIG ORIGINATOR OUT OUTBOUND OUTGOING OWN PAYMENT PAYMNT PAYOUT PAYPAL PAYPALSD
    PAYPALSI PENDING PMT PMTS PPD PRIMARY PULL PUSH REAL REALTIME RECD RECEIVED RECURRING REF REFERENCE
    REQUESTED RESERVE SAME SAV SAVINGS SCHEDULED SEC SELF SEND SENT SEP SEQ SHARE SRF STANDARD TEL TFR THANK THE
    TIME TO TRACE TRANSACTION TRANSFER TRANSFERS TRF TRN TRNSFR TYPE VIA VISA WEB WIRE WITHDRAW WITHDRAWAL
    WITHDRAWL XFER XFR YOU YOUR ZELLE""".split()  # noqa: SIM905 - a list of words reads best as a sentence
)
_LONG_REFERENCE = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Z]*[0-9]{4})[0-9A-Z]{8,}(?![0-9A-Za-z])")
_WRITTEN_DAY = re.compile(r"(?:19|20)[0-9]{6}|[0-9]{4}(?:19|20)[0-9]{2}")


_KEPT = 16_384
"""Texts whose words are remembered: a row is held against others of the same days, one after the other."""


class Leg(NamedTuple):
    """One bank row that may be half of a movement."""

    transaction_id: int
    account_id: int
    day: Day
    cents: int
    phrase: str | None
    """`transfer`, `card_payment`, `payout`, or None when the text is none of those."""
    text: str


class Score(NamedTuple):
    points: int
    linkable: bool
    """False when something speaks against it that points cannot make up for; then it can only be asked."""
    notes: tuple[str, ...]


def fee_points(out_cents: int, in_cents: int) -> int | None:
    """Return the points of what is missing between two amounts (both positive cents), None when it is no fee."""
    fee = out_cents - in_cents
    if fee == 0:
        return 0
    if not 0 < fee <= max(LARGEST_FEE_CENTS, out_cents // 50):
        return None
    usual = fee % 100 == 0 or any(
        abs(fee - base * rate // whole) <= 1 for rate, whole in _INSTANT_RATES for base in (out_cents, in_cents)
    )
    return _USUAL_FEE if usual else _ODD_FEE


def phrase_fits(phrase: str | None, paying: Account, receiving: Account) -> bool:
    """Tell whether a phrase can be said of money going from one account to the other."""
    if phrase == "card_payment":
        return receiving.facts.kind in {AccountKind.CREDIT, AccountKind.LOAN, AccountKind.OTHER}
    if phrase == "payout":
        return paying.facts.kind in WALLETS or receiving.facts.kind in WALLETS or paying.facts.kind == AccountKind.OTHER
    return phrase is not None


def score(out: Leg, into: Leg, paying: Account, receiving: Account, says_out: Mentions, says_in: Mentions) -> Score:
    """Return the points of a pair whose amounts fit and whose days are within the window."""
    lag = into.day - out.day
    points, notes = _lag_points(lag, receiving), [_lag_note(out, into)]
    pays_card = "card_payment" in {out.phrase, into.phrase}
    named_out = naming(says_out, paying, receiving, pays_card=pays_card)
    named_in = naming(says_in, receiving, paying, pays_card=False)
    if pays_card and not receiving.institutions and says_out.institutions & says_in.institutions:
        # The card's bank is known by its name on both sides only.
        named_out = named_out._replace(points=max(named_out.points, _BY_BANK), named=True)
    same_reference = _shared_reference(out.text, into.text)
    same_people = bool(_uncommon(says_out) & _uncommon(says_in))
    backed = same_reference or same_people
    speaks_out = _fits(out, paying, receiving, says_out, named_out)
    speaks_in = _fits(into, paying, receiving, says_in, named_in)
    # `Sent money to …` in a wallet, where the bank's side names the wallet and shows the same odd cents at once: that a
    # payment to somebody else was of just these cents would be chance.
    names_another = bool(_uncommon(says_in) - _uncommon(says_out))
    if _left_a_wallet(out, into, paying) and speaks_in and named_in.named and not names_another:
        return Score(points + 440 + named_in.points, not named_out.contradicts, (*notes, named_in.note))
    # `Sent money to …` in a wallet, where the bank's side names the wallet and the same person: who it is for is told.
    if speaks_in and named_in.named and out.phrase is None and _names_same(says_out, says_in):
        speaks_out = True
    if speaks_out and named_out.named and into.phrase is None and _names_same(says_in, says_out):
        speaks_in = True
    fits_out = speaks_out and _means_own(says_out, named_out, backed=backed)
    fits_in = speaks_in and _means_own(says_in, named_in, backed=backed)
    points += _phrase_points(fits_out, speaks_out, fits_in, says_out) + _phrase_points(
        fits_in, speaks_in, fits_out, says_in
    )
    points += named_out.points + named_in.points
    if same_reference:
        points += 200
        notes.append("both texts carry the same reference")
    if receiving.facts.kind == AccountKind.CREDIT and not fits_in:
        points -= 600
    if paying.facts.kind == AccountKind.CREDIT:
        points -= 600
    fee = fee_points(-out.cents, into.cents)
    points += fee or 0
    evidence = named_out.named or named_in.named or same_reference
    linkable = not (named_out.contradicts or named_in.contradicts)
    if same_people and not evidence and _between_people(says_out, says_in) and not 0 <= lag <= _AT_ONCE:
        # The same person on both sides is the owner, or a friend who pays back after some days.
        linkable = False
    if out.cents + into.cents:
        costs = any(word in says.words for says in (says_out, says_in) for word in _COSTLY)
        linkable = linkable and (evidence or (costs and fee == _USUAL_FEE and 0 <= lag <= _COSTLY_DAYS))
    if not (fits_out and fits_in):
        silent, other = (says_in, says_out) if fits_out else (says_out, says_in)
        # A name that both sides carry is the owner's; one that only the silent side has is somebody else's.
        linkable = linkable and evidence and (fits_out or fits_in) and not _uncommon(silent) - _uncommon(other)
    notes += [named.note for named in (named_out, named_in) if named.note]
    return Score(points, linkable, tuple(dict.fromkeys(notes)))


def _left_a_wallet(out: Leg, into: Leg, paying: Account) -> bool:
    """Tell whether one odd sum left a wallet without a phrase and came to a bank in the next days."""
    odd = out.cents + into.cents == 0 and into.cents % 100 != 0 and into.cents >= _ODD_FROM
    return out.phrase is None and paying.facts.kind in WALLETS and odd and 0 <= into.day - out.day <= _ODD_DAYS


def _fits(leg: Leg, paying: Account, receiving: Account, says: Mentions, named: Naming) -> bool:
    """Tell whether a leg speaks of this movement: by a phrase, or without one by the other account alone."""
    alone = named.points >= _BY_DIGITS or (named.named and not _uncommon(says))
    return phrase_fits(leg.phrase, paying, receiving) or (leg.phrase is None and alone)


def _phrase_points(fits: bool, speaks: bool, other_fits: bool, says: Mentions) -> int:  # noqa: FBT001 - plain facts
    """Return the points of one side; a rail that may mean somebody else weighs nothing beside a side that fits."""
    if fits:
        return 220
    if speaks and other_fits:
        return 0
    return _BARE if _BARE_WORDS.issuperset(says.words.split()) else _SILENT


def funding(out: Leg, spent: Leg, paying: Account, wallet: Account, says_out: Mentions, says: Mentions) -> Score | None:
    """Return the points of a bank debit that brought the money for a purchase with a wallet; None when it cannot be.

    The wallet shows the purchase, the bank shows the wallet: two rows leave, one sum is spent. The bank's text must
    name the wallet.
    """
    lag = out.day - spent.day
    kind = wallet.institutions & says_out.institutions
    if not kind or not -1 <= lag <= DAYS_AFTER:
        return None
    shared = _uncommon(says_out) & _uncommon(says)
    points = 220 + 150 - 35 * abs(lag) + (150 if shared else 0)
    days = (
        "on the same day"
        if lag == 0
        else "one day later"
        if lag == 1
        else f"{abs(lag)} days {'later' if lag > 0 else 'earlier'}"
    )
    return Score(
        points, True, (f"{wallet.facts.name} took the money for this purchase from {paying.facts.name} {days}",)
    )


def _means_own(says: Mentions, named: Naming, *, backed: bool) -> bool:
    """Tell whether a text of a rail between people means one's own account.

    It names it, or both sides agree, or it is a wire that names nobody at all.
    """
    rails = [rail for rail in _RAILS if rail in says.words]
    return named.named or backed or not rails or (all(rail in _WIRES for rail in rails) and not _uncommon(says))


@lru_cache(maxsize=_KEPT)
def _uncommon(says: Mentions) -> frozenset[str]:
    """Return the words that name somebody: neither words of any transfer, nor a bank's name, nor numbers."""
    bank_words = institution_words(says.words) if says.institutions else frozenset[str]()
    said = says.words.split()
    if said and len(said[-1]) >= _CUT and any(bland.startswith(said[-1]) for bland in _BLAND):
        del said[-1]
    return frozenset(
        word for word in said if len(word) >= 3 and word.isalpha() and word not in _BLAND and word not in bank_words
    )


def _between_people(says_out: Mentions, says_in: Mentions) -> bool:
    return all(any(rail in says.words for rail in _RAILS) for says in (says_out, says_in))


def _names_same(silent: Mentions, other: Mentions) -> bool:
    """Tell whether a text names a person, by two words at least, and nobody whom the other text does not name."""
    named = _uncommon(silent)
    return len(named) > 1 and named <= _uncommon(other)


def _shared_reference(left: str, right: str) -> bool:
    """Tell whether both texts carry one long reference; a written date is none."""
    return not _references(left).isdisjoint(_references(right))


@lru_cache(maxsize=_KEPT)
def _references(text: str) -> frozenset[str]:
    return frozenset(found for found in _LONG_REFERENCE.findall(text.upper()) if not _WRITTEN_DAY.fullmatch(found))


def _lag_points(lag: int, receiving: Account) -> int:
    if lag >= 0:
        return _LAG_POINTS[lag]
    # Cards and wallets show the money before the bank lets it go.
    early = receiving.facts.kind == AccountKind.CREDIT or receiving.facts.kind in WALLETS
    if not early and lag < -_EARLY:
        return _NEVER
    return lag * (35 if early else 140)


def _lag_note(out: Leg, into: Leg) -> str:
    lag, fee = into.day - out.day, -out.cents - into.cents
    days = "one day" if abs(lag) == 1 else f"{abs(lag)} days"
    when = "on the same day" if lag == 0 else f"{days} {'later' if lag > 0 else 'earlier'}"
    if fee:
        return f"{money_text(into.cents)} of {money_text(-out.cents)} arrived {when}, a fee of {money_text(fee)}"
    return f"same amount {when}"
