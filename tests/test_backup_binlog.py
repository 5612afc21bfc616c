"""What is read from the head of a dump, which binary logs follow it, and what of them is replayed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from plugin import load

binlog = load("roles/backup/module_utils/backup_binlog.py")

MYSQL_9 = """\
/* SET @@GLOBAL.GTID_PURGED='+71f91cef-e84a-11f1-a304-0242c0a80002:1-24,
81f91cef-e84a-11f1-a304-0242c0a80002:1-5';*/
-- CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='binlog.000004', SOURCE_LOG_POS=198;
"""
MYSQL_8 = """\
/* SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '71f91cef-e84a-11f1-a304-0242c0a80002:1-24';*/
-- CHANGE MASTER TO MASTER_LOG_FILE='binlog.000004', MASTER_LOG_POS=198;
"""
MARIADB = "-- CHANGE MASTER TO MASTER_LOG_FILE='binlog.000004', MASTER_LOG_POS=198;\n"


@pytest.mark.parametrize(("text", "servers"), [(MYSQL_9, 2), (MYSQL_8, 1)])
def test_position_of_a_dump(tmp_path: Path, text: str, servers: int) -> None:
    path = tmp_path / "dump.gz"
    path.write_bytes(gzip.compress(text.encode()))
    seen = binlog.header(path)
    assert (seen["log_file"], seen["log_position"]) == ("binlog.000004", 198)
    executed = seen["gtid_executed"].split(",")
    assert len(executed) == servers
    assert executed[0] == "71f91cef-e84a-11f1-a304-0242c0a80002:1-24"


def test_position_of_a_mariadb_dump(tmp_path: Path) -> None:
    path = tmp_path / "dump.gz"
    path.write_bytes(gzip.compress(MARIADB.encode()))
    assert binlog.header(path) == {"log_file": "binlog.000004", "log_position": 198, "gtid_executed": ""}


def test_dump_without_a_position_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dump.gz"
    path.write_bytes(gzip.compress(b"-- nothing\n"))
    with pytest.raises(ValueError, match="log_bin"):
        binlog.header(path)


def test_logs_follow_one_another() -> None:
    names = ["binlog.1000000", "binlog.999999", "binlog.999998"]
    assert binlog.chain(names, "binlog.999999") == ["binlog.999999", "binlog.1000000"]


@pytest.mark.parametrize(("there", "missing"), [((4, 6), "000005"), ((5,), "000004"), ((3,), "000004"), ((), "000004")])
def test_missing_log_is_named(there: tuple[int, ...], missing: str) -> None:
    with pytest.raises(ValueError, match=f"binlog.{missing} is neither"):
        binlog.chain([f"binlog.{number:06d}" for number in there], "binlog.000004")


def replayed(statement: str) -> bool:
    event = f"# at 157\n#261124 21:00:00 server id 1\n{statement}\n/*!*/;\n".encode()
    kept = b"".join(binlog.without_accounts(event.splitlines(keepends=True)))
    assert kept in (b"", event)
    return bool(kept)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER USER 'a'@'%' IDENTIFIED WITH 'caching_sha2_password' AS 'x'",
        "create  user b",
        "GRANT ALL ON *.* TO a",
        "REVOKE ALL ON *.* FROM a",
        "/* by somebody */ DROP USER a",
        "SET PASSWORD FOR a = 'x'",
        "FLUSH PRIVILEGES",
    ],
)
def test_accounts_are_left_out(statement: str) -> None:
    assert not replayed(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE `User` ADD COLUMN x INT",
        "CREATE TABLE `User` (id INT)",
        "DROP TABLE `GRANT`",
        "SET TIMESTAMP=1\n/*!*/;\nBEGIN",
        "BINLOG '\nGRANT+abc\n'",
        "use `flowlite_db`/*!*/;\nSET TIMESTAMP=1/*!*/;\nTRUNCATE `Role`",
    ],
)
def test_the_rest_is_kept(statement: str) -> None:
    assert replayed(statement)


def test_rows_are_streamed() -> None:
    lines = iter([b"# at 4\n", b"BINLOG '\n", b"AAAA\n"])
    kept = binlog.without_accounts(lines)
    assert [next(kept), next(kept), next(kept)] == [b"# at 4\n", b"BINLOG '\n", b"AAAA\n"]
