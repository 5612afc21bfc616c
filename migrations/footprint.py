"""What the tables that a statement names look like, to see afterwards whether it was done."""

from __future__ import annotations

import json
import re
from typing import Any

from sql_text import names

# The counter moves with every insert.
COUNTER = re.compile(r" AUTO_INCREMENT=\d+")
OTHERS = """
    SELECT 'trigger', trigger_name, event_object_table, action_statement FROM information_schema.triggers
    WHERE trigger_schema = DATABASE()
    UNION ALL SELECT routine_type, routine_name, routine_name, routine_definition FROM information_schema.routines
    WHERE routine_schema = DATABASE()
    UNION ALL SELECT 'event', event_name, event_name, event_definition FROM information_schema.events
    WHERE event_schema = DATABASE()
    ORDER BY 1, 2"""


def footprint(cursor: Any, statement: str) -> str:
    """The definitions of all tables, views, triggers and routines whose names occur in the statement."""
    named = names(statement)
    cursor.execute("SHOW TABLES")
    found = {}
    for table in sorted(named & {row[0] for row in cursor.fetchall()}):
        cursor.execute(f"SHOW CREATE TABLE `{table}`")
        found[table] = COUNTER.sub("", cursor.fetchone()[1])
    cursor.execute(OTHERS)
    others = [list(map(str, row)) for row in cursor.fetchall() if named & {row[1], row[2]}]
    return json.dumps([found, others], ensure_ascii=False)
