"""What a rule was before and after each operation that touched it, from the images of the journal."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from app.store import journal_triggers
from app.store.connection import Connection

Image = dict[str, Any]


class Step(NamedTuple):
    operation: int
    before: Image | None
    """None: there was no such rule."""
    after: Image | None


def known(connection: Connection) -> list[int]:
    """Return the numbers of all rules there are or were."""
    rows = connection.execute(
        "SELECT id FROM rule UNION SELECT row_id FROM journal WHERE table_name = 'rule' ORDER BY 1"
    )
    return [row[0] for row in rows]


def steps(connection: Connection, rule_id: int) -> list[Step]:
    """Return the operations that made, changed or removed a rule, oldest first; one is missing that changed nothing."""
    made = connection.execute(
        "SELECT operation_id FROM made WHERE table_name = 'rule' AND ? BETWEEN first_id AND last_id", (rule_id,)
    ).fetchone()
    images: dict[int, Image | None] = {} if made is None else {made[0]: None}
    columns = {
        version: json.loads(names)
        for version, names in connection.execute(
            "SELECT schema_version, columns FROM image_columns WHERE table_name = 'rule'"
        )
    }
    names = journal_triggers.columns_of(connection, "rule")
    for operation, before, version in connection.execute(
        "SELECT j.operation_id, j.before, o.schema_version FROM journal j JOIN operation o ON o.id = j.operation_id "
        "WHERE j.table_name = 'rule' AND j.row_id = ? ORDER BY j.id",
        (rule_id,),
    ):
        # An image of an earlier format lacks the columns that came since.
        image = None if before is None else dict(zip(columns[version], json.loads(before), strict=True))
        images.setdefault(operation, None if image is None else {name: image.get(name) for name in names})
    if not images:
        return []
    order = sorted(images)
    following = [images[operation] for operation in order[1:]] + [_now(connection, rule_id)]
    found = [Step(number, images[number], after) for number, after in zip(order, following, strict=True)]
    return [step for step in found if step.before != step.after]


def _now(connection: Connection, rule_id: int) -> Image | None:
    names = journal_triggers.columns_of(connection, "rule")
    row = connection.execute(f"SELECT {', '.join(names)} FROM rule WHERE id = ?", (rule_id,)).fetchone()
    return None if row is None else dict(zip(names, row, strict=True))
