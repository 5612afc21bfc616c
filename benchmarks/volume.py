"""Measure loading and reading at volume; writes docs/performance-volume.md.

`make bench` compares the ways to load 1,000,000 transactions, three times each and in turn; `make bench-10m` loads
10,000,000 once. Both then time the dashboard's queries. Results are kept beside this file, so that one page holds both.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import statistics
from dataclasses import asdict
from pathlib import Path
from typing import Any

import commands
import pymysql
from bring_up import PREFIX, play, teardown
from dashboard import measure
from loads import RANDOM_SEED, Server, by_load_data, by_loader, by_orm, by_orm_row, by_row, export, flushes_a_second

ROUNDS = 3
MILLION = 1_000_000
SINGLE_ROWS = 2_000
URL = "mysql+pymysql://flowlite_user:flowlite_password@127.0.0.1:28306/flowlite_db"
RESULTS = Path(__file__).parent / "results"
PAGE = commands.ROOT / "docs/performance-volume.md"
LINE = re.compile(r"% +([\d,]+) of [\d,]+ rows, ([\d,]+) rows/s")


def compare(server: Server, transactions: int) -> dict[str, float]:
    """Rows a second of each way."""
    rates: dict[str, list[float]] = {"loader": [], "load_data": [], "orm": [], "orm_row": [], "row": []}
    server.allow_import()
    file = export(server, transactions)
    for _ in range(ROUNDS):
        seconds, _, _ = by_loader(server, transactions)
        rates["loader"].append(transactions / seconds)
        # Users and batches are there now.
        rates["orm"].append(transactions / by_orm(server, transactions))
        rates["orm_row"].append(SINGLE_ROWS / by_orm_row(server, SINGLE_ROWS))
        rates["row"].append(SINGLE_ROWS / by_row(server, SINGLE_ROWS))
        # Last: it leaves all rows for the dashboard's queries.
        rates["load_data"].append(transactions / by_load_data(server, file))
    pairs = zip(rates["loader"], rates["load_data"], strict=True)
    return {name: statistics.median(found) for name, found in rates.items()} | {
        "share": statistics.median(loader / bare for loader, bare in pairs),
        "flushes": flushes_a_second(),
    }


def once(server: Server, transactions: int) -> dict[str, float]:
    """Rows a second in all, of the first and of the last million, and the loader's peak memory."""
    seconds, peak, output = by_loader(server, transactions)
    points = [(0.0, 0.0)]
    for done, rate in LINE.findall(output):
        rows = int(done.replace(",", ""))
        points.append((rows / int(rate.replace(",", "")), rows))
    first = next(point for point in points if point[1] >= MILLION)
    before, end = [point for point in points if point[1] <= transactions - MILLION][-1], points[-1]
    return {
        "loader": transactions / seconds,
        "first_million": first[1] / first[0],
        "last_million": (end[1] - before[1]) / (end[0] - before[0]),
        "peak_mib": peak / 1024,
    }


def write_page() -> None:
    """Render the results that are there."""
    found = {int(file.stem): json.loads(file.read_text()) for file in sorted(RESULTS.glob("*.json"))}
    page = (Path(__file__).parent / "volume.md.in").read_text(encoding="utf-8")
    values: dict[str, str] = {}
    for transactions, result in found.items():
        prefix = f"{transactions // MILLION}m"
        values |= {f"{prefix}_{name}": _figure(value) for name, value in result.items() if name != "latencies"}
        values[f"{prefix}_latencies"] = "\n".join(_latency_rows(result["latencies"]))
    if small := found.get(MILLION):
        values["orm_times"] = f"{small['loader'] / small['orm']:.1f}"
        values["orm_row_times"] = f"{small['loader'] / small['orm_row']:.0f}"
        values["row_times"] = f"{small['loader'] / small['row']:.0f}"
    if large := found.get(10 * MILLION):
        values["slope"] = f"{large['last_million'] / large['first_million']:.2f}"
    sections = re.split(r"^(?=##)", page, flags=re.MULTILINE)
    # What was not measured is not there.
    kept = [section for section in sections if set(re.findall(r"\{(\w+)\}", section)) <= values.keys()]
    page = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], "".join(kept))
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def _figure(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def _latency_rows(latencies: list[dict[str, Any]]) -> list[str]:
    by_query: dict[str, list[str]] = {}
    for latency in latencies:
        by_query.setdefault(latency["query"], []).extend(f"{latency[name]:.1f}" for name in ("p50", "p99"))
    return [f"| {query} | {' | '.join(figures)} |" for query, figures in by_query.items()]


def main() -> None:
    """Measure, keep the result and write the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--transactions", type=int, choices=(MILLION, 10 * MILLION), default=MILLION)
    transactions = arguments.parse_args().transactions
    commands.run(*play("site"))
    try:
        server = Server(f"{PREFIX}-mysql", URL)
        result: dict[str, Any] = {
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "machine": f"{len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.machine()}, "
            f"Python {platform.python_version()}",
            "server": server.as_root("SELECT VERSION()").strip(),
            **(compare if transactions == MILLION else once)(server, transactions),
        }
        # What else ran on the machine: figures of a busy one say less.
        result["load"] = os.getloadavg()[2]
        with pymysql.connect(
            host="127.0.0.1", port=28306, user="flowlite_user", password="flowlite_password", database="flowlite_db"
        ) as connection:
            result["latencies"] = [asdict(found) for found in measure(connection, RANDOM_SEED, transactions)]
    finally:
        teardown()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{transactions}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    write_page()


if __name__ == "__main__":
    main()
