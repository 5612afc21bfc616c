"""The rows of the demonstration: users, who they are, their uploads, transactions and insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seed.data_files import load
from seed.demo_transactions import expand
from seed.identity import row_id

Rows = list[dict[str, Any]]
# Table and natural name to the id that is really in the database.
Ids = Mapping[tuple[str, str], str]


def user_rows() -> Rows:
    """The rows of User."""
    return [
        {"id_user": row_id("User", user["email"]), **{name: user[name] for name in user if name != "info"}}
        for user in load("demo/users.yml")
    ]


def dependent_rows(ids: Ids) -> dict[str, Rows]:
    """The rows of the other tables, in the order of their foreign keys, pointing at `ids`."""
    batches, transactions = expand(load("demo/transactions.yml"), ids)
    for batch in load("demo/batches.yml"):
        name = batch.pop("name")
        batches.append({"id_batch": row_id("TransactionBatch", name), **batch})
    return {
        "UserInfo": [{"id_user": ids["User", user["email"]], **user["info"]} for user in load("demo/users.yml")],
        "TransactionBatch": batches,
        "Transaction": transactions,
        "Insights": [_insight(insight, ids) for insight in load("demo/insights.yml")],
    }


def _insight(insight: dict[str, Any], ids: Ids) -> dict[str, Any]:
    user, category = insight.pop("user"), insight.pop("category")
    return {
        "id_insight": row_id("Insights", user, insight["title"]),
        "id_user": ids["User", user],
        "id_category": ids["InsightCategory", category],
        **insight,
    }
