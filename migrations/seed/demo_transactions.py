"""Turns the monthly lines of demo/transactions.yml into transactions and the uploads that brought them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from seed.identity import row_id

Rows = list[dict[str, Any]]
ROUNDED_TO = 100


def expand(templates: dict[str, Any], ids: Mapping[tuple[str, str], str]) -> tuple[Rows, Rows]:
    """The rows of TransactionBatch and Transaction; `ids` maps table and natural name to the id in the database.

    Each account uploads a month on the first day of the next one.
    """
    batches: Rows = []
    transactions: Rows = []
    swing = [Decimal(str(share)) for share in templates["swing"]]
    for account in templates["accounts"]:
        for number, month in enumerate(templates["months"]):
            batch = _batch(account, month)
            batches.append(batch)
            for position, line in enumerate(account["every_month"]):
                row = _transaction(account["user"], month, line, swing[(number + position) % len(swing)], ids)
                bank = ids["Bank", account["bank"]]
                transactions.append({**row, "id_bank": bank, "id_batch": batch["id_batch"]})
    return batches, transactions


def _batch(account: dict[str, Any], month: str) -> dict[str, Any]:
    start = (datetime.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=1, hour=8)
    return {
        "id_batch": row_id("TransactionBatch", account["user"], account["bank"], month),
        "process_status": "completed",
        "start_date": start,
        "end_date": start + timedelta(seconds=40),
        "batch_size": len(account["every_month"]),
    }


def _transaction(
    user: str, month: str, line: list[Any], share: Decimal, ids: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    day, time, name, pesos, category, *income = line
    date = f"{month}-{day:02d} {time}"
    return {
        "id_transaction": row_id("Transaction", user, date, name),
        "id_user": ids["User", user],
        "id_category": ids["TransactionCategory", category],
        "transaction_name": name,
        "value": _pesos(pesos, share),
        "transaction_date": datetime.fromisoformat(date),
        "transaction_type": income[0] if income else "expense",
    }


def _pesos(written: int | str, share: Decimal) -> Decimal:
    if isinstance(written, int):
        return Decimal(written)
    return Decimal(round(Decimal(written.removeprefix("~")) * share / ROUNDED_TO) * ROUNDED_TO)
