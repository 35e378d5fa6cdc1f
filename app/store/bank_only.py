"""The rows that nobody but one linked bank brought."""

from __future__ import annotations

from app.store.bank import LAYOUT
from app.store.connection import Connection


def rows_of(connection: Connection, number: int) -> list[int]:
    """Return the standing transactions of one linked bank that no file and no other bank brought too."""
    rows = connection.execute(
        "SELECT DISTINCT t.id FROM bank_row b JOIN transactions t ON t.id = b.transaction_id "
        "LEFT JOIN imported_file f ON f.id = t.file_id LEFT JOIN decision d ON d.transaction_id = t.id "
        "WHERE b.connection_id = ?1 AND COALESCE(f.layout, ?2) = ?2 AND d.deleted_reason IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM source_row s JOIN imported_file o ON o.id = s.file_id "
        "WHERE s.transaction_id = t.id AND COALESCE(o.layout, '') <> ?2) "
        "AND NOT EXISTS (SELECT 1 FROM bank_row o JOIN bank_connection c ON c.id = o.connection_id AND c.ended = 0 "
        "WHERE o.transaction_id = t.id AND o.connection_id <> ?1) ORDER BY t.id",
        (number, LAYOUT),
    )
    return [int(row[0]) for row in rows.fetchall()]
