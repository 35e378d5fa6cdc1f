"""One household's year, told row by row from a `Persona` and a seed."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from random import Random

from generator.ledger import Books, Row, bank_day, digits, months, token
from generator.persona import CardPlan, Client, Persona
from generator.wording import DRESSES, ach, atm, cheque_in, wire_in, zelle


class Story:
    """Builds `Books`. Call the parts in the order of `tell`, or `tell` itself."""

    def __init__(self, who: Persona, rng: Random) -> None:
        self.who = who
        self.rng = rng
        self.books = Books(who.first, who.last, rng, {a.label: a for a in who.accounts})
        self.deposit_number = 1

    def tell(self) -> Books:
        """Run everything that comes from the persona alone; the caller adds its own events and then pays and closes."""
        self.bills()
        self.visits()
        self.clients()
        self.payroll()
        self.taxes()
        self.cash()
        self.refunds()
        return self.books

    def settle(self) -> Books:
        """Run what depends on balances: payouts, transfers, card payments, interest."""
        if self.who.paypal:
            self.paypal_payouts()
        if self.who.stripe:
            self.stripe_payouts()
        self.reserve_transfers()
        for plan in self.who.cards:
            self.pay_card(plan)
        self.interest()
        self.books.close()
        return self.books

    # -- small tools -------------------------------------------------------------------------------------------------

    def amount(self, low: int, high: int, step: int = 1) -> int:
        return self.rng.randrange(low // step, high // step + 1) * step

    def some_day(self, month: date) -> date:
        return month.replace(day=self.rng.randint(1, calendar.monthrange(month.year, month.month)[1]))

    def times(self, per_month: float) -> int:
        whole = int(per_month)
        return whole + (self.rng.random() < per_month - whole)

    def months(self) -> list[date]:
        return months(self.who.first, self.who.last)

    def buy(self, account: str, day: date, cents: int, text: str, kind: str, line: str | None, **more: object) -> Row:
        """Add a purchase (or, with positive cents, its refund) the way the account words and dates it."""
        place = str(more.get("city", self.who.home_city))
        holder = self.books.accounts[account]
        worded = DRESSES[holder.dress](self.rng, text, place, day)
        lag = self.rng.choice((1, 1, 2, 2, 3))
        posted = bank_day(day + timedelta(days=lag))
        if holder.writer.startswith("amex"):
            posted = day  # this export gives one date, the day of the charge
        more.setdefault("judgment", line is None)
        more["city"] = place
        known = day if holder.kind == "credit" else None  # bank exports give the posting day alone
        return self.books.add(account, posted, cents, worded, kind, line, transacted=known, **more)

    def bank(self, day: date, cents: int, text: str, kind: str, line: str | None, **more: object) -> Row:
        return self.books.add(self.who.checking, bank_day(day), cents, text, kind, line, **more)

    def ach(self, name: str, entry: str, day: date, *, inward: bool, sec: str = "PPD") -> str:
        return ach(self.who.ach_style, self.rng, name, entry, bank_day(day), self.who.owner, inward=inward, sec=sec)

    # -- what happens ------------------------------------------------------------------------------------------------

    def bills(self) -> None:
        for bill in self.who.bills:
            base = self.amount(bill.low, bill.high)
            for month in self.months():
                if bill.months and month.month not in bill.months:
                    continue
                day = month.replace(day=bill.day)
                varied = base if bill.high - bill.low < 500 else self.amount(bill.low, bill.high)
                text = bill.text.replace("{r}", token(self.rng, 7)).replace("{n}", digits(self.rng, 4))
                if bill.entry:
                    worded = self.ach(text, bill.entry, day, inward=False, sec="WEB")
                    self.bank(day, -varied, worded, bill.kind, bill.line, judgment=bill.line is None)
                else:
                    self.buy(
                        bill.account, day, -varied, text, bill.kind, bill.line, category=bill.category, city=bill.city
                    )

    def visits(self) -> None:
        for shop in self.who.merchants:
            for month in self.months():
                for _ in range(self.times(shop.per_month)):
                    text = shop.text.replace("{n}", digits(self.rng, 3)).replace("{r}", token(self.rng, 9))
                    self.buy(
                        shop.account,
                        self.some_day(month),
                        -self.amount(shop.low, shop.high),
                        text,
                        shop.kind,
                        shop.line,
                        category=shop.category,
                        city=shop.city,
                    )

    def clients(self) -> None:
        for client in self.who.clients:
            for month in self.months():
                for _ in range(self.times(client.per_month)):
                    self.receive(client, self.some_day(month), self.amount(client.low, client.high, client.step))

    def receive(self, client: Client, day: date, cents: int) -> Row:
        style, rng = self.who.ach_style, self.rng
        if client.how == "stripe":
            fee = -((cents * 29 + 500) // 1000 + 30)
            text = f"Invoice {digits(rng, 4)} - {client.name}"
            return self.books.add(
                self.who.stripe, day, cents + fee, text, "income", "C1", gross=cents, fee=fee, source_type="charge"
            )
        if client.how == "paypal":
            fee = -((cents * 299 + 5000) // 10000 + 49)
            return self.books.add(
                self.who.paypal, day, cents + fee, client.name, "income", "C1", gross=cents, fee=fee,
                source_type="Website Payment", name=client.name,
            )  # fmt: skip
        ask = client.how in {"check", "zelle"}
        text = {
            "ach": lambda: self.ach(client.name.upper(), client.entry, day, inward=True, sec="CCD"),
            "platform": lambda: self.ach(client.name.upper(), client.entry, day, inward=True, sec="CCD"),
            "zelle": lambda: zelle(style, rng, client.name, bank_day(day), inward=True),
            "wire": lambda: wire_in(style, rng, client.name.upper(), "FIRST CASCADE BANK/125000999"),
            "check": lambda: cheque_in(style, rng, self.deposit_number),
        }[client.how]()
        self.deposit_number += client.how == "check"
        note = f"client {client.name}" + (
            "; net of the fees of a processor without a file" if client.how == "platform" else ""
        )
        return self.bank(day, cents, text, "income", "C1", judgment=ask, note=note)

    def payroll(self) -> None:
        employer, net = self.who.payroll
        for month in self.months() if employer else []:
            for day in (15, calendar.monthrange(month.year, month.month)[1]):
                paid = month.replace(day=day)
                while bank_day(paid) != paid:
                    paid -= timedelta(days=1)
                self.bank(
                    paid, net, self.ach(employer, "PAYROLL", paid, inward=True), "wages", "NONE", note="W-2, spouse"
                )

    def taxes(self) -> None:
        for day, cents, name, entry in self.who.taxes:
            note = f"for {day.year - 1}" if day.month == 1 else ""
            text = self.ach(name, entry, day, inward=False, sec="CCD")
            self.bank(day, -cents, text, "tax_payment", "NONE", note=note)

    def cash(self) -> None:
        for month in self.months():
            if self.rng.random() < 0.8:
                day = self.some_day(month)
                cents = self.amount(4000, 20000, 2000)
                text = atm(self.who.ach_style, self.rng, self.who.home_city, day)
                self.bank(day, -cents, text, "owner_draw", "NONE", judgment=True, note="cash for life")

    def refunds(self) -> None:
        """Give back, in full or in part, a few purchases of every card; each time a different one."""
        for plan in self.who.cards:
            bought = [r for r in self.books.of(plan.card) if r.cents < -2500 and r.original is None]
            for n, row in enumerate(self.rng.sample(bought, min(6, len(bought)))):
                back = -row.cents if n % 2 == 0 else -row.cents * self.rng.choice((30, 40, 50)) // 100
                self.give_back(row, back, row.day + timedelta(days=self.rng.randint(4, 25)))

    def give_back(self, row: Row, cents: int, day: date) -> Row:
        """Add a refund on the same account. The refund keeps the line of its purchase."""
        share = "full" if cents == -row.cents else "partial"
        back = self.books.add(
            row.account, bank_day(day), cents, row.text, "refund", row.line, transacted=bank_day(day), city=row.city,
            category=row.category, judgment=row.judgment, note=f"{share} refund",
        )  # fmt: skip
        if self.books.accounts[row.account].dress in {"pos", "chase_debit"}:
            back.text = f"RETURN {row.text}"
        if self.books.accounts[row.account].dress == "wells_debit":
            back.text = row.text.replace("PURCHASE AUTHORIZED", "PURCHASE RETURN AUTHORIZED")
        back.original = row
        return back

    # -- what follows from balances ----------------------------------------------------------------------------------

    def arrival(self, day: date, lag: tuple[int, int]) -> date:
        return bank_day(day, self.rng.randint(*lag))

    def stripe_payouts(self) -> None:
        day = bank_day(self.who.first + timedelta(days=(7 - self.who.first.weekday()) % 7))
        while day <= self.who.last - timedelta(days=3):
            cents = self.books.balance(self.who.stripe, day - timedelta(days=2))
            newer = sum(
                min(r.cents, 0) for r in self.books.of(self.who.stripe) if day - timedelta(days=2) < r.posted <= day
            )
            cents += newer
            if cents > 0:
                out = self.books.add(
                    self.who.stripe, day, -cents, "STRIPE PAYOUT", "transfer", "NONE", source_type="payout"
                )
                text = self.ach("STRIPE", self.who.payout_entry, day, inward=True, sec="CCD")
                into = self.bank(self.arrival(day, self.who.payout_lag), cents, text, "transfer", "NONE")
                self.books.link("payout", out, into)
            day = bank_day(day + timedelta(days=7 - day.weekday()))

    def paypal_payouts(self) -> None:
        for month in self.months():
            for n, when in enumerate((9, 23)):
                day = bank_day(month.replace(day=when))
                cents = self.books.balance(self.who.paypal, day - timedelta(days=1)) // 100 * 100 - 10000
                if cents < 5000 or day > self.who.last - timedelta(days=4):
                    continue
                if n == 1 and month.month in {5, 9}:
                    self.paypal_instant(day, cents)
                    continue
                kind = "General Withdrawal"
                out = self.books.add(self.who.paypal, day, -cents, kind, "transfer", "NONE", source_type=kind)
                text = self.ach("PAYPAL", "TRANSFER", day, inward=True)
                into = self.bank(self.arrival(day, self.who.payout_lag), cents, text, "transfer", "NONE")
                self.books.link("payout", out, into)

    def paypal_instant(self, day: date, cents: int) -> None:
        """Withdraw at once: 1.75 % stays with PayPal, so the two sides differ by the fee."""
        fee = min(max((cents * 175 + 5000) // 10000, 25), 2500)
        kind = "Instant Transfer Withdrawal"
        out = self.books.add(
            self.who.paypal, day, -cents, kind, "transfer", "NONE", source_type=kind, gross=fee - cents, fee=-fee
        )
        text = self.ach("PAYPAL", "INSTANT TRANSFER", day, inward=True)
        self.books.link("payout", out, self.bank(day, cents - fee, text, "transfer", "NONE"), fee)

    def reserve_transfers(self) -> None:
        """Move part of the income to savings three times a month, and tax money back before each tax day."""
        for month in self.months():
            for when in self.rng.sample(range(2, 28), 3):
                day = bank_day(month.replace(day=when))
                if day <= self.who.last - timedelta(days=4):
                    self.to_savings(day, self.amount(*self.who.reserve_sum, 500))
        due: dict[date, int] = {}
        for day, cents, _, _ in self.who.taxes:
            due[day] = due.get(day, 0) + cents
        for day, cents in due.items():
            start = bank_day(day - timedelta(days=6))
            if start >= self.who.first:
                self.from_savings(start, cents)

    def to_savings(self, day: date, cents: int) -> tuple[Row, Row]:
        bank, saved = (t.replace("{n}", digits(self.rng, 10)) for t in self.who.to_savings)
        out = self.bank(day, -cents, bank.replace("{d}", f"{day:%m/%d}"), "transfer", "NONE")
        arrives = self.arrival(out.posted, self.who.transfer_lag)
        into = self.books.add(
            self.who.savings, arrives, cents, saved.replace("{d}", f"{day:%m/%d}"), "transfer", "NONE"
        )
        self.books.link("transfer", out, into)
        return out, into

    def from_savings(
        self, day: date, cents: int, fee: int = 0, wording: tuple[str, str] | None = None
    ) -> tuple[Row, Row]:
        bank, saved = (t.replace("{n}", digits(self.rng, 10)) for t in wording or self.who.from_savings)
        out = self.books.add(
            self.who.savings, bank_day(day), -cents, saved.replace("{d}", f"{day:%m/%d}"), "transfer", "NONE"
        )
        arrives = bank_day(day) if fee else self.arrival(out.posted, self.who.transfer_lag)
        into = self.bank(arrives, cents - fee, bank.replace("{d}", f"{day:%m/%d}"), "transfer", "NONE")
        if fee:
            into.note = "the receiving bank kept its wire fee"
        self.books.link("transfer", out, into, fee)
        return out, into

    def pay_card(self, plan: CardPlan) -> None:
        """Pay the statement of the month before in full, by autopay; in some months a round sum by hand besides."""
        for month in self.months():
            day = bank_day(month.replace(day=plan.day))
            if day > self.who.last:
                break
            start = month - timedelta(days=12)
            rows = self.books.of(plan.card)
            bought = sum(r.cents for r in rows if r.kind != "card_payment" and r.day <= start)
            paid = sum(r.cents for r in rows if r.kind == "card_payment" and r.posted < day)
            owed = plan.opening_owed - bought - paid
            if owed > 0:
                self.card_payment(plan, day, owed, plan.bank_text, plan.card_text)
            if month.month in plan.extra_months:
                by_hand = self.amount(20000, 60000, 10000) + 37
                self.card_payment(
                    plan, bank_day(month.replace(day=27)), by_hand, plan.extra_bank_text, plan.extra_card_text
                )

    def card_payment(self, plan: CardPlan, day: date, cents: int, bank_text: str, card_text: str) -> None:
        lag = self.rng.randint(*plan.lag)
        paid = bank_day(day, max(lag, 0))
        credited = bank_day(day, max(-lag, 0))
        if abs((paid - credited).days) > 4:  # a long weekend: banks send the payment the next open day
            paid = credited = day
        more: dict[str, object] = {"source_type": "Payment", "transacted": credited}
        into = self.books.add(plan.card, credited, cents, card_text, "card_payment", "NONE", **more)
        worded = bank_text.replace("{n}", digits(self.rng, 5)).replace("{d}", f"{paid:%m/%d}")
        worded = worded.replace("{y}", f"{paid:%y%m%d}").replace("{r}", token(self.rng, 10))
        out = self.bank(paid, -cents, worded, "card_payment", "NONE")
        self.books.link("card_payment", out, into)

    def interest(self) -> None:
        for month in self.months():
            day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
            cents = self.books.balance(self.who.savings, day) * 36 // 12000
            if cents > 0:
                self.books.add(self.who.savings, day, cents, self.who.savings_interest, "interest", "NONE")
