"""What the books hold, table group by table group, over one connection."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.store.accounts import Accounts
    from app.store.bank import Bank
    from app.store.connection import Connection
    from app.store.decisions import Decisions
    from app.store.descriptors import Descriptors
    from app.store.income import Income
    from app.store.labels import Labels
    from app.store.lines import Lines
    from app.store.pairs import Pairs
    from app.store.row_labels import RowLabels
    from app.store.rules import Rules
    from app.store.search import Search
    from app.store.settings import Settings
    from app.store.tax_facts import TaxFacts
    from app.store.told_rows import ToldRows
    from app.store.totals import Totals
    from app.store.transactions import Transactions
    from app.store.written import Written


class Repositories:
    """Each loads when it is first asked for: a command needs two or three of them, and starts twice as fast."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def turn_to(self, connection: Connection) -> None:
        """Go on over another connection: whatever was made over the one before is made anew."""
        for made in type(self).__mro__:
            for name, kind in vars(made).items():
                if isinstance(kind, cached_property):
                    vars(self).pop(name, None)
        self.connection = connection

    @cached_property
    def transactions(self) -> Transactions:
        from app.store.transactions import Transactions  # noqa: PLC0415

        return Transactions(self.connection)

    @cached_property
    def told_rows(self) -> ToldRows:
        from app.store.told_rows import ToldRows  # noqa: PLC0415

        return ToldRows(self.connection)

    @cached_property
    def search(self) -> Search:
        from app.store.search import Search  # noqa: PLC0415

        return Search(self.connection)

    @cached_property
    def decisions(self) -> Decisions:
        from app.store.decisions import Decisions  # noqa: PLC0415

        return Decisions(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        from app.store.accounts import Accounts  # noqa: PLC0415

        return Accounts(self.connection)

    @cached_property
    def bank(self) -> Bank:
        from app.store.bank import Bank  # noqa: PLC0415

        return Bank(self.connection)

    @cached_property
    def labels(self) -> Labels:
        from app.store.labels import Labels  # noqa: PLC0415

        return Labels(self.connection, self.written)

    @cached_property
    def row_labels(self) -> RowLabels:
        from app.store.row_labels import RowLabels  # noqa: PLC0415

        return RowLabels(self.connection, self.written)

    @cached_property
    def pairs(self) -> Pairs:
        from app.store.pairs import Pairs  # noqa: PLC0415

        return Pairs(self.connection, self.written)

    @cached_property
    def written(self) -> Written:
        from app.store.written import Written  # noqa: PLC0415

        return Written()

    @cached_property
    def rules(self) -> Rules:
        from app.store.rules import Rules  # noqa: PLC0415

        return Rules(self.connection)

    @cached_property
    def settings(self) -> Settings:
        from app.store.settings import Settings  # noqa: PLC0415

        return Settings(self.connection)

    @cached_property
    def tax_facts(self) -> TaxFacts:
        from app.store.tax_facts import TaxFacts  # noqa: PLC0415

        return TaxFacts(self.connection)

    @cached_property
    def income(self) -> Income:
        from app.store.income import Income  # noqa: PLC0415

        return Income(self.connection)

    @cached_property
    def totals(self) -> Totals:
        from app.store.totals import Totals  # noqa: PLC0415

        return Totals(self.connection)

    @cached_property
    def descriptors(self) -> Descriptors:
        from app.store.descriptors import Descriptors  # noqa: PLC0415

        return Descriptors(self.connection)

    @cached_property
    def lines(self) -> Lines:
        from app.store.lines import Lines  # noqa: PLC0415

        return Lines(self.connection)
