"""Deposits of generated payers as banks, bill-pay services and apps write them."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST = (
    "Amber", "Birch", "Cobalt", "Dune", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen",
    "Meridian", "Northgate", "Oakmere", "Pinecrest", "Quarry", "Riverbend", "Saffron", "Tidewater",
)  # fmt: skip
SECOND = ("Health", "Robotics", "Foods", "Dental", "Media", "Outfitters", "Logistics", "Architects", "Winery", "Yoga",
          "Ceramics", "Publishing", "Realty", "Textiles", "Games", "Optics")  # fmt: skip
LEGAL = ("", " LLC", " Inc", ", Inc.", " Ltd", " Corp", " Co")
GIVEN = ("Nicole", "Hannah", "Omar", "Priya", "Lucas", "Ingrid", "Mateo", "Sofia", "Theo", "Wanda")
FAMILY = ("Sato", "Meyer", "Hassan", "Rao", "Ferreira", "Lindqvist", "Alvarez", "Kovacs", "Okafor", "Brandt")
OWNER = "RILEY T MORROW"


def company(dice: random.Random) -> str:
    return f"{dice.choice(FIRST)} {dice.choice(SECOND)}"


def person(dice: random.Random) -> str:
    return f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"


def digits(dice: random.Random, size: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(size))


def code(dice: random.Random, size: int = 12) -> str:
    return "".join(dice.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(size - 2)) + digits(dice, 2)


Wrapper = Callable[[random.Random, str, str], str]
"""Dice, name, company id."""

WORDS = ("PMT", "PAYMENT", "VENDOR PMT", "AP PAYMENT", "INVOICE", "EDI PYMNTS", "BILLPAY", "PAYABLES")

COMPANY_WRAPPERS: dict[str, Wrapper] = {
    "originator": lambda d, n, i: (
        f"ORIG CO NAME:{n.upper()[:16].strip()} ORIG ID:{i} DESC DATE:2608{digits(d, 2)} "
        f"CO ENTRY DESCR:{d.choice(WORDS)[:10]} SEC:CCD TRACE#:{digits(d, 15)} "
        f"EED:260817 IND ID:{code(d)} IND NAME:{OWNER}"
    ),
    "des": lambda d, n, i: (
        f"{n.upper()[:16].strip()} DES:{d.choice(WORDS)[:10]} ID:{code(d)} INDN:{OWNER} CO ID:{i} CCD"
    ),
    "id": lambda d, n, i: f"{n.upper()} {d.choice(WORDS)} {code(d)} CCD ID: {i}",
    "electronic": lambda d, n, _: f"Electronic Deposit From {n.upper()} {d.choice(WORDS)} REF={digits(d, 15)}N00",
    "ach": lambda d, n, _: f"ACH Deposit {n.upper()} {d.choice(WORDS)} {OWNER}",
    "credit": lambda d, n, _: f"ACH CREDIT {n.upper()} {d.choice(WORDS)}",
    "melio": lambda d, n, _: f"MELIO *{n.upper()} {code(d)} CCD ID: {digits(d, 10)}",
    "ramp": lambda d, n, _: f"RAMP {n.upper()} BILLPAY {code(d)} PPD ID: {digits(d, 10)}",
    "wire": lambda d, n, _: (
        f"WIRE TYPE:WIRE IN DATE: 2608{digits(d, 2)} TRN:{digits(d, 16)} ORIG:{n.upper()} ID:{digits(d, 9)}"
    ),
    "fedwire": lambda d, n, _: f"FEDWIRE CREDIT VIA: FIRST BANK/{digits(d, 9)} B/O: {n.upper()} REF: {code(d)}",
    "zelle": lambda d, n, _: f"Zelle payment from {n.upper()} {code(d, 10)}",
    "check": lambda d, n, _: f"CHECK DEPOSIT FROM {n.upper()} #{digits(d, 4)}",
    "plain": lambda _d, n, _i: n,
    "invoice": lambda d, n, _: f"Invoice {digits(d, 4)} - {n}",
}
PERSON_WRAPPERS: dict[str, Wrapper] = {
    "zelle": lambda d, n, _: f"ZELLE FROM {n.upper()} ON 08/{digits(d, 2)} REF # PP0{code(d)}",
    "zelle payment": lambda d, n, _: f"Zelle payment from {n.upper()} {code(d, 10)}",
    "venmo": lambda _d, n, _i: f"VENMO FROM {n.upper()}",
    "venmo payment": lambda _d, n, _i: f"Venmo payment from {n}",
    "cash app": lambda _d, n, _i: f"CASH APP*{n.upper()}",
    "check": lambda d, n, _: f"CHECK DEPOSIT FROM {n.upper()} #{digits(d, 4)}",
}
