"""The gate before a migration: harmful statements are refused, harmless ones are not, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import FlowliteError
from gate.examine import examine, refuse
from gate.recording import Plan
from gate.settings import Settings
from golden import golden_differences
from later_revisions import Copy
from throwaway_database import ThrowawayDatabase

# The demonstration has 192 transactions and a handful of rows elsewhere.
SETTINGS = Settings(row_limit=50)
ONLINE = "ALGORITHM=INPLACE, LOCK=NONE"
T = "ALTER TABLE `Transaction`"
# Statements of one revision each, with what the message must say.
HARMFUL = {
    "type change": ([f"{T} MODIFY value DECIMAL(20,2) NOT NULL"], "192 rows"),
    "type change with lost digits": ([f"{T} MODIFY value DECIMAL(15,0) NOT NULL"], "would become others"),
    "type that values do not fit": (["ALTER TABLE `Bank` MODIFY bank_name VARCHAR(5) NOT NULL"], "Data too long"),
    "check": ([f"{T} ADD CONSTRAINT ck_new CHECK (value < 1000000000)"], "limit 50"),
    "check that rows break": (
        ["ALTER TABLE `Bank` ADD CONSTRAINT ck_b CHECK (bank_name <> 'Nequi')"],
        "1 rows of Bank",
    ),
    "charset": ([f"{T} CONVERT TO CHARACTER SET latin1"], "`: the server refuses it"),
    "charset of a column": ([f"{T} MODIFY transaction_name VARCHAR(255) CHARACTER SET latin1 NOT NULL"], "192 rows"),
    "charset without the letters": (
        ["ALTER TABLE `Bank` MODIFY bank_name VARCHAR(255) CHARACTER SET ascii NOT NULL"],
        "Incorrect string value",
    ),
    "primary key dropped": ([f"{T} DROP PRIMARY KEY"], "192 rows"),
    "another primary key": ([f"{T} DROP PRIMARY KEY, ADD PRIMARY KEY (id_transaction, id_user)"], "PRIMARY KEY"),
    "primary key over duplicates": (
        [
            "ALTER TABLE `UserInfo` DROP FOREIGN KEY fk_userinfo_user, DROP PRIMARY KEY, "
            "MODIFY pais VARCHAR(100) NOT NULL, ADD PRIMARY KEY (pais)"
        ],
        "occur more than once",
    ),
    "foreign key over orphans": (
        ["ALTER TABLE `UserInfo` ADD CONSTRAINT fk_x FOREIGN KEY (id_user) REFERENCES `Bank` (id_bank)"],
        "4 rows of UserInfo name a row of Bank",
    ),
    "foreign key that copies": (
        [f"{T} ADD CONSTRAINT fk_x FOREIGN KEY (id_bank) REFERENCES `Bank` (id_bank)"],
        "foreign_key_checks = 0",
    ),
    "not null over nulls": (["ALTER TABLE `TransactionBatch` MODIFY end_date DATETIME NOT NULL"], "have no value"),
    "unique over duplicates": ([f"{T} ADD UNIQUE uq_x (id_user)"], "occur more than once"),
    "unique index over duplicates": (["CREATE UNIQUE INDEX uq_x ON `UserInfo` (pais)"], "1 values of UserInfo (pais)"),
    "update of every row": (["UPDATE `Transaction` SET value = value + 1"], "locks about 192 rows"),
    "update without an index": (["UPDATE `Transaction` SET value = 1 WHERE transaction_name = 'x'"], "192 rows"),
    "delete of every row": (["DELETE FROM `Role`"], "destroys 3 rows of table Role"),
    "truncate": (["TRUNCATE TABLE `Insights`"], "destroys 10 rows of table Insights"),
    "drop table": (["DROP TABLE `Insights`"], "destroys 10 rows of table Insights"),
    "drop column": ([f"{T} DROP COLUMN transaction_name, ALGORITHM=INSTANT"], "192 values of column Transaction."),
    "fulltext": ([f"{T} ADD FULLTEXT ft (transaction_name)"], "LOCK=NONE"),
    "fulltext by create index": (["CREATE FULLTEXT INDEX ft ON `Transaction` (transaction_name)"], "192 rows"),
    "lock that was asked for": ([f"{T} ADD INDEX i (value), ALGORITHM=INPLACE, LOCK=SHARED"], "LOCK=SHARED"),
    "copy that was asked for": ([f"{T} ADD INDEX i (value), ALGORITHM=COPY"], "ALGORITHM=COPY"),
    "online that the server has not": ([f"{T} MODIFY value DECIMAL(20,2) NOT NULL, {ONLINE}"], "the server refuses"),
    "column that is not there": (["ALTER TABLE `Bank` DROP COLUMN nothing"], "the server refuses"),
    "after an earlier statement": ([f"{T} ADD COLUMN note VARCHAR(10)", f"{T} MODIFY note TEXT"], "limit 50"),
    "rename of a table": (["ALTER TABLE `Bank` RENAME TO `Banks`"], "renames Bank"),
}
HARMLESS = {
    "column at once": [f"{T} ADD COLUMN note VARCHAR(100), ALGORITHM=INSTANT"],
    "column without asking": [f"{T} ADD COLUMN note VARCHAR(100) NOT NULL DEFAULT ''"],
    "index online": [f"{T} ADD INDEX ix_new (value), {ONLINE}"],
    "index without asking": ["CREATE INDEX ix_new ON `Transaction` (transaction_name)"],
    "index dropped": [f"{T} DROP INDEX ix_transaction_user_date, ADD INDEX fk_transaction_user (id_user)"],
    "longer name": ["ALTER TABLE `UserInfo` MODIFY pais VARCHAR(120)"],
    "foreign key dropped": [f"{T} DROP FOREIGN KEY fk_transaction_bank"],
    "constraint dropped": [f"{T} DROP CONSTRAINT ck_transaction_value"],
    "foreign key unchecked": [
        "SET SESSION foreign_key_checks = 0",
        f"{T} ADD CONSTRAINT fk_x FOREIGN KEY (id_bank) REFERENCES `Bank` (id_bank), {ONLINE}",
        "SET SESSION foreign_key_checks = 1",
    ],
    "unique over different values": ["ALTER TABLE `Role` ADD CONSTRAINT uq_r UNIQUE (role_name)"],
    "not null over values": ["ALTER TABLE `Insights` MODIFY title VARCHAR(255) NOT NULL"],
    "nulls filled before": [
        "UPDATE `TransactionBatch` SET end_date = start_date WHERE end_date IS NULL",
        "ALTER TABLE `TransactionBatch` MODIFY end_date DATETIME NOT NULL",
    ],
    "type of a small table": ["ALTER TABLE `TransactionBatch` MODIFY batch_size BIGINT"],
    "check on a small table": ["ALTER TABLE `Role` ADD CONSTRAINT ck_r CHECK (role_name <> '')"],
    "new table": [
        "CREATE TABLE `Tag` (id CHAR(36) PRIMARY KEY, id_transaction CHAR(36), CONSTRAINT fk_tag FOREIGN KEY "
        "(id_transaction) REFERENCES `Transaction` (id_transaction)) DEFAULT CHARSET=utf8mb4 COLLATE={collation}",
        "ALTER TABLE `Tag` ADD COLUMN title TEXT",
        "INSERT INTO `Tag` VALUES ('a', NULL, 'b')",
    ],
    "few rows by an index": ["UPDATE `Transaction` SET value = 1 WHERE id_transaction = 'a'"],
    "rows added": ["INSERT INTO `Role` VALUES ('a', 'AUDITOR')"],
    "empty table": ["DROP TABLE `FileUploadHistory`"],
    "default and comment": ["ALTER TABLE `Bank` ALTER COLUMN bank_name SET DEFAULT 'x'", f"{T} COMMENT 'x'"],
    "column renamed": [f"{T} RENAME COLUMN transaction_date TO booked"],
    "view": ["CREATE VIEW v AS SELECT * FROM `Bank`", "DROP VIEW v"],
}


def judged(statements: list[str]) -> str:
    return "\n".join(map(str, examine([Plan("004", "later", True, statements)], SETTINGS)))


def unchanged(database: ThrowawayDatabase) -> bool:
    with database.engine.connect() as connection:
        return golden_differences(connection) == [] and not any("gate" in name for name in database.tables())


@pytest.mark.slow_on_mariadb
def test_every_harmful_statement_is_refused(seeded: ThrowawayDatabase) -> None:
    seeded.sql("UPDATE `Transaction` SET value = value + 0.25 LIMIT 5")
    passed = {name: found for name, (sql, says) in HARMFUL.items() if says not in (found := judged(sql)) or not found}
    assert passed == {}
    assert unchanged(seeded)


@pytest.mark.slow_on_mariadb
def test_no_harmless_statement_is_refused(seeded: ThrowawayDatabase) -> None:
    collation = {"mysql": "utf8mb4_0900_ai_ci", "mariadb": "utf8mb4_uca1400_ai_ci"}[seeded.server.flavor.name]
    good = {name: [line.replace("{collation}", collation) for line in sql] for name, sql in HARMLESS.items()}
    assert len(good) >= 10
    assert {name: found for name, sql in good.items() if (found := judged(sql))} == {}
    assert unchanged(seeded)


def test_a_refusal_says_what_why_how_many_rows_and_the_better_way(seeded: ThrowawayDatabase) -> None:
    found = judged([f"{T} MODIFY value DECIMAL(20,2) NOT NULL"])
    assert "004 `ALTER TABLE `Transaction` MODIFY value DECIMAL(20,2) NOT NULL`" in found
    assert "copies its 192 rows (limit 50)" in found
    assert "Cannot change column type" in found
    assert "add a column of the wanted type" in found
    assert "db_schema_waived_revisions" in found


def test_a_migration_is_refused_or_waived_by_its_revision(seeded: ThrowawayDatabase, tmp_path: Path) -> None:
    copy = Copy(tmp_path, seeded)
    copy.add_sql([f"{T} MODIFY value DECIMAL(20,2) NOT NULL"], [f"{T} MODIFY value DECIMAL(15,2) NOT NULL"])
    limit = "--online-row-limit=50"

    def run(script: str, *options: str) -> tuple[int, str]:
        done = seeded.script(script, *options, directory=copy.directory)
        return done.returncode, done.stdout + done.stderr

    for script in ("plan_migration.py", "init_database.py"):
        code, text = run(script, limit)
        assert code == 1
        assert "192 rows (limit 50)" in text
        assert "Traceback" not in text
    assert unchanged(seeded)
    code, text = run("plan_migration.py", limit, "--waive=004")
    assert code == 0
    assert "waived: 004" in text
    assert unchanged(seeded)
    assert run("plan_migration.py")[0] == 0, "the limit is 100,000 rows"
    code, text = run("init_database.py", limit, "--waive=004")
    assert code == 0
    assert "Waived: 004" in text
    code, text = run("init_database.py", "--revision=-1", limit)
    assert code == 1
    assert "192 rows (limit 50)" in text


def test_what_fails_cannot_be_waived(seeded: ThrowawayDatabase) -> None:
    settings = Settings(row_limit=50, waived=frozenset({"004"}))
    plan = Plan("004", "later", True, ["ALTER TABLE `UserInfo` ADD UNIQUE uq_x (pais)"])
    with pytest.raises(FlowliteError, match="the migration was not begun, and nothing was changed"):
        refuse(examine([plan], settings), settings)


def test_clones_of_a_killed_run_are_removed_by_the_next(seeded: ThrowawayDatabase, tmp_path: Path) -> None:
    seeded.sql("CREATE TABLE flowlite_gate_left (id INT PRIMARY KEY)")
    seeded.sql("CREATE TABLE flowlite_gate_child (id INT, FOREIGN KEY (id) REFERENCES flowlite_gate_left (id))")
    copy = Copy(tmp_path, seeded)
    assert copy.alembic("check").code == 0, "they are no tables of the application"
    copy.add_sql([f"{T} ADD COLUMN note TEXT"])
    assert copy.alembic("upgrade", "head").code == 0
    assert not any(name.startswith("flowlite_gate") for name in seeded.tables())


def test_a_revision_that_cannot_be_read_is_refused(seeded: ThrowawayDatabase, tmp_path: Path) -> None:
    copy = Copy(tmp_path, seeded)
    copy.add(
        [
            "op.execute('ALTER TABLE `Bank` ADD COLUMN swift VARCHAR(11)')",
            "for row in op.get_bind().execute(sa.text('SELECT swift FROM `Bank`')): pass",
        ]
    )
    done = seeded.script("init_database.py", directory=copy.directory)
    assert done.returncode == 1
    assert "what it does cannot be told before it is run: Unknown column 'swift'" in done.stderr
    assert seeded.script("init_database.py", "--waive=004", directory=copy.directory).returncode == 0
