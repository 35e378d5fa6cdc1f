"""How banks word things: a merchant on a card, an ACH entry, a cheque.

Shapes only, seen in public importers and described in the design notes of the formats; every sentence is written here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from generator.ledger import digits, stable, token


def _plain(rng: Random, text: str, city: str, day: date) -> str:
    return text


def _chase_debit(rng: Random, text: str, city: str, day: date) -> str:
    return f"{text} {city} {day:%m/%d}"


def _bofa_debit(rng: Random, text: str, city: str, day: date) -> str:
    return f"CHECKCARD {day:%m%d} {text} {city} {digits(rng, 23)}"


def _wells_debit(rng: Random, text: str, city: str, day: date) -> str:
    return f"PURCHASE AUTHORIZED ON {day:%m/%d} {text} {city} S{digits(rng, 15)} CARD 2291"


def _pos(rng: Random, text: str, city: str, day: date) -> str:
    return f"POS DEBIT {text} {city}"


def _amex(rng: Random, text: str, city: str, day: date) -> str:
    town, _, state = city.rpartition(" ")
    return f"{text:<20.20}{town:<20.20}{state}"


DRESSES: dict[str, Callable[[Random, str, str, date], str]] = {
    "plain": _plain,
    "chase_debit": _chase_debit,
    "bofa_debit": _bofa_debit,
    "wells_debit": _wells_debit,
    "pos": _pos,
    "amex": _amex,
}


def ach(
    style: str, rng: Random, name: str, entry: str, day: date, owner: str, *, inward: bool, sec: str = "PPD"
) -> str:
    """Return an ACH entry as a bank of this style prints it."""
    if style == "chase_debit":
        return f"{name} {entry} {sec} ID: {stable(name, 10)}"
    if style == "bofa_debit":
        return f"{name} DES:{entry} ID:{token(rng, 12)} INDN:{owner} CO ID:XXXXX{stable(name, 5)} {sec}"
    if style == "wells_debit":
        return f"{name} {entry} {day:%y%m%d} {token(rng, 10)} {owner}"
    return f"ACH {'Deposit' if inward else 'Withdrawal'} {name} {entry}"


def zelle(style: str, rng: Random, name: str, day: date, *, inward: bool) -> str:
    way = "from" if inward else "to"
    if style == "chase_debit":
        return f"Zelle payment {way} {name} {digits(rng, 11)}"
    if style == "bofa_debit":
        return f"Zelle payment {way} {name} Conf# {token(rng, 9).lower()}"
    if style == "wells_debit":
        return f"ZELLE {way.upper()} {name.upper()} ON {day:%m/%d} REF # {token(rng, 12)}"
    return f"Zelle {'Credit' if inward else 'Debit'} {name}"


def cheque_in(style: str, rng: Random, number: int) -> str:
    if style == "chase_debit":
        return f"REMOTE ONLINE DEPOSIT # {number}"
    if style == "bofa_debit":
        return f"BKOFAMERICA MOBILE {digits(rng, 10)} DEPOSIT *MOBILE CA"
    if style == "wells_debit":
        return f"MOBILE DEPOSIT : REF NUMBER :{digits(rng, 12)}"
    return f"Mobile Check Deposit {digits(rng, 6)}"


def cheque_out(style: str, number: int) -> str:
    return {"chase_debit": f"CHECK {number}", "bofa_debit": f"Check {number}", "wells_debit": f"CHECK # {number}"}.get(
        style, f"Share Draft {number}"
    )


def atm(style: str, rng: Random, city: str, day: date) -> str:
    if style == "chase_debit":
        return f"ATM WITHDRAWAL {digits(rng, 6)} {day:%m/%d} {city}"
    if style == "bofa_debit":
        return f"BKOFAMERICA ATM {day:%m/%d} #{digits(rng, 9)} WITHDRWL {city}"
    if style == "wells_debit":
        return f"ATM WITHDRAWAL AUTHORIZED ON {day:%m/%d} {city} {digits(rng, 7)} ATM ID {digits(rng, 5)} CARD 2291"
    return f"ATM Withdrawal {city}"


def wire_in(style: str, rng: Random, name: str, bank: str) -> str:
    if style == "chase_debit":
        return f"FEDWIRE CREDIT VIA: {bank} B/O: {name} REF: {digits(rng, 10)}"
    if style == "bofa_debit":
        return f"WIRE TYPE:WIRE IN DATE: SEQ:{digits(rng, 10)} ORIG:{name} SND BK:{bank}"
    if style == "wells_debit":
        return f"WT FED#{digits(rng, 5)} {bank} /ORG={name} SRF# {digits(rng, 9)}"
    return f"Incoming Wire {name} {bank}"
