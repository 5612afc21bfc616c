"""The schema as the server describes it, against the golden files, the models and the contract with the services."""

from __future__ import annotations

from golden import golden_differences
from models import Base
from schema_differences import schema_differences
from throwaway_database import ThrowawayDatabase

# Written by hand from the contract with the services; NN is not null.
CONTRACT = {
    "User": "id_user char(36) NN, username varchar(100) NN, email varchar(255) NN, password varchar(255), "
    "role varchar(50), active tinyint(1)",
    "Role": "id_role char(36) NN, role_name varchar(100) NN",
    "UserInfo": "id_user char(36) NN, primerNombre varchar(100), segundoNombre varchar(100), "
    "primerApellido varchar(100), segundoApellido varchar(100), telefono varchar(20), direccion varchar(255), "
    "ciudad varchar(100), departamento varchar(100), pais varchar(100), numeroIdentificacion varchar(50), "
    "tipoIdentificacion varchar(50)",
    "Bank": "id_bank char(36) NN, bank_name varchar(255) NN",
    "TransactionCategory": "id_category char(36) NN, description varchar(255) NN",
    "TransactionBatch": "id_batch char(36) NN, process_status varchar(50) NN, start_date datetime NN, "
    "end_date datetime, batch_size int",
    "Transaction": "id_transaction char(36) NN, id_user char(36) NN, id_category char(36) NN, id_bank char(36), "
    "id_batch char(36), transaction_name varchar(255) NN, value decimal(15,2) NN, transaction_date datetime NN, "
    "transaction_type varchar(50) NN",
    "InsightCategory": "id_category char(36) NN, description varchar(255) NN",
    "Insights": "id_insight char(36) NN, id_user char(36) NN, id_category char(36) NN, title varchar(255) NN, "
    "text text NN, relevance int NN, created_at datetime NN",
    "FileUploadHistory": "id_file char(36) NN, id_user char(36) NN, file_hash char(64) NN, "
    "file_name varchar(255) NN, bank_code varchar(50) NN, upload_date datetime NN, id_batch char(36) NN, "
    "file_size int NN",
}
COLUMNS = """
    SELECT table_name, column_name, REPLACE(column_type, 'int(11)', 'int'), is_nullable
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""

# A change and where the golden file shows it.
BY_HAND = {
    "ALTER TABLE `User` MODIFY email VARCHAR(255) NOT NULL": "User.columns.email.collation",
    "ALTER TABLE `Transaction` DROP CONSTRAINT ck_transaction_value": "Transaction.checks.ck_transaction_value",
    "ALTER TABLE `Insights` ALTER created_at DROP DEFAULT": "Insights.columns.created_at.default",
    "ALTER TABLE `Bank` DROP INDEX uq_bank_bank_name": "Bank.indexes.uq_bank_bank_name",
    "ALTER TABLE `Insights` DROP FOREIGN KEY fk_insights_user": "Insights.foreign_keys.fk_insights_user",
    "ALTER TABLE `Role` DEFAULT COLLATE utf8mb4_bin": "Role.collation",
    "ALTER TABLE `Role` ADD note INT": "Role.columns.note",
    "DROP TABLE `FileUploadHistory`": "FileUploadHistory",
}


def test_columns_are_those_of_the_contract(migrated: ThrowawayDatabase) -> None:
    found: dict[str, list[str]] = {table: [] for table in CONTRACT}
    for table, name, kind, nullable in migrated.sql(COLUMNS):
        found.setdefault(table, []).append(f"{name} {kind}{'' if nullable == 'YES' else ' NN'}")
    del found["alembic_version"]
    assert {table: ", ".join(columns) for table, columns in found.items()} == CONTRACT


def test_migrations_models_and_golden_file_agree(migrated: ThrowawayDatabase) -> None:
    with migrated.engine.connect() as connection:
        assert schema_differences(connection) == []


def test_the_models_alone_make_the_golden_schema(database: ThrowawayDatabase) -> None:
    Base.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        assert golden_differences(connection) == []


def test_changes_by_hand_are_found(migrated: ThrowawayDatabase) -> None:
    for change in BY_HAND:
        migrated.sql(change)
    with migrated.engine.connect() as connection:
        found = [line.split(":")[0] for line in golden_differences(connection)]
    assert sorted(found) == sorted(BY_HAND.values())


def test_tables_of_others_are_left_alone(migrated: ThrowawayDatabase) -> None:
    migrated.sql("CREATE TABLE flyway_history (id INT PRIMARY KEY)")
    with migrated.engine.connect() as connection:
        assert schema_differences(connection) == []
