"""Revision 002 on a database that holds duplicates."""

from __future__ import annotations

import pytest

from errors import FlowliteError
from golden import current_schema
from init_database import init_database
from throwaway_database import ThrowawayDatabase


def test_every_duplicate_is_listed_and_nothing_is_changed(database: ThrowawayDatabase) -> None:
    init_database(database.engine, "001")
    database.sql("INSERT INTO `Bank` VALUES ('a', 'Nequi'), ('b', 'NEQUI'), ('c', 'Lulo'), ('d', 'Itaú')")
    database.sql("INSERT INTO `TransactionCategory` VALUES ('a', 'Educacion'), ('b', 'Educación')")
    database.sql("INSERT INTO `User` (id_user, username, email) VALUES ('a', 'x', 'x@e'), ('b', 'X', 'y@e')")
    with database.engine.connect() as connection:
        before = current_schema(connection)
    with pytest.raises(FlowliteError) as refused:
        init_database(database.engine)
    message = str(refused.value)
    assert "User.username 'x' 2 times" in message.replace("'X'", "'x'")
    assert "Bank.bank_name 'Nequi' 2 times" in message.replace("NEQUI", "Nequi")
    assert "TransactionCategory.description 'Educaci" in message
    assert "Lulo" not in message
    with database.engine.connect() as connection:
        assert current_schema(connection) == before
