"""Judges of the commands that talk to the servers inside their containers."""

from __future__ import annotations

import secrets

from from_compose_schema import TABLES, tables
from from_compose_stack import PASSWORDS, Stack, judges
from from_compose_table import COMMANDS
from from_compose_terminal import MYSQL_PROMPT, REDIS_PROMPT, Terminal

MYSQL = "docker exec -it flowlite-mysql mysql -u flowlite_user -p flowlite_db"
DUMP = "docker exec flowlite-mysql mysqldump -u flowlite_user -pflowlite_password flowlite_db > backup.sql"
RESTORE = "docker exec -i flowlite-mysql mysql -u flowlite_user -pflowlite_password flowlite_db < backup.sql"
REDIS = "docker exec -it flowlite-redis redis-cli -a flowlite_redis_pass_2024"


def _log_in(terminal: Terminal) -> None:
    terminal.expect("Enter password: ")
    terminal.type(PASSWORDS["mysql_password"])
    terminal.expect(MYSQL_PROMPT)


@judges(MYSQL)
def mysql(stack: Stack, command: str) -> None:
    with stack.terminal(command) as terminal:
        _log_in(terminal)
        terminal.type("SELECT CURRENT_USER(), DATABASE();")
        terminal.expect(r"^\| flowlite_user@% +\| flowlite_db +\|$")


@judges("mysql> SHOW TABLES;")
def show_tables(stack: Stack, command: str) -> None:
    with stack.terminal(stack.adapt(COMMANDS[MYSQL])) as terminal:
        _log_in(terminal)
        terminal.type(command.removeprefix("mysql> "))
        shown = terminal.expect(r"rows in set").splitlines()
    found = {line.strip("| ") for line in shown if line.startswith("| ")} - {"Tables_in_flowlite_db"}
    assert found >= TABLES, found
    assert found == tables(stack), found


@judges(DUMP)
def dump(stack: Stack, command: str) -> None:
    stack.output(command, stack.scratch)
    text = (stack.scratch / "backup.sql").read_text(encoding="utf-8")
    assert text.rstrip().splitlines()[-1].startswith("-- Dump completed"), text[-200:]
    for table in tables(stack):
        assert f"CREATE TABLE `{table}`" in text, f"{table} is not in the dump"
    # Only an administrator could restore these.
    assert "GTID_PURGED" not in text


def _content(stack: Stack) -> list[list[str]]:
    """The number of rows of each table and their checksums."""
    names = sorted(tables(stack))
    counts = " UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM `{name}`" for name in names)
    return stack.mysql(f"{counts}; CHECKSUM TABLE {', '.join(f'`{name}`' for name in names)}")


@judges(RESTORE)
def restore(stack: Stack, command: str) -> None:
    stack.output(stack.adapt(COMMANDS[DUMP]), stack.scratch)
    before = _content(stack)
    damage = (
        "DELETE FROM `Transaction` LIMIT 10",
        "UPDATE Bank SET bank_name = 'Banco de Prueba' LIMIT 1",
        "DROP TABLE Insights",
    )
    stack.mysql("; ".join(damage))
    assert _content(stack) != before
    stack.output(command, stack.scratch)
    assert _content(stack) == before


@judges(
    "docker exec flowlite-rabbitmq rabbitmqctl list_queues",
    "docker exec flowlite-rabbitmq rabbitmqctl list_connections",
    "docker exec flowlite-rabbitmq rabbitmqctl list_exchanges",
)
def rabbitmqctl(stack: Stack, command: str) -> None:
    name = f"from-compose-{secrets.token_hex(4)}"
    connection = stack.amqp(name)
    channel = connection.channel()
    channel.queue_declare(name, exclusive=True)
    channel.exchange_declare(name, "topic", auto_delete=True)
    channel.queue_bind(name, name)
    channel.basic_publish("", name, b"one")
    lines = stack.output(command).splitlines()
    wanted = {
        "list_queues": {f"{name}\t1", "batch_processed\t0"},
        "list_exchanges": {f"{name}\ttopic", "amq.direct\tdirect"},
    }
    what = command.split()[-1]
    if what == "list_connections":
        open_now = [line.split("\t") for line in lines if line.startswith("admin\t")]
        assert any(line[-1] == "running" for line in open_now), lines
    else:
        assert wanted[what] <= set(lines), lines
    connection.close()
    if what == "list_connections":
        again = [line for line in stack.output(command).splitlines() if line.startswith("admin\t")]
        assert len(again) < len(open_now), again
    else:
        assert name not in stack.output(command)


@judges(f"{REDIS} PING")
def ping(stack: Stack, command: str) -> None:
    with stack.terminal(command) as terminal:
        terminal.expect(r"^PONG$")
        assert terminal.end() == 0


@judges(REDIS)
def redis(stack: Stack, command: str) -> None:
    with stack.terminal(command) as terminal:
        terminal.expect(REDIS_PROMPT)
        terminal.type("ACL WHOAMI")
        terminal.expect(r'^"default"$')


ANSWERS = {
    "PING": r"^PONG$",
    "INFO": r"^redis_version:[\d.]+$",
    "KEYS *": r'^\d+\) "clave"$',
    "GET clave": r'^"valor"$',
    "FLUSHDB": r"^OK$",
}


@judges(*(f"redis> {command}" for command in ANSWERS))
def redis_command(stack: Stack, command: str) -> None:
    typed = command.removeprefix("redis> ")
    stack.redis("SET", "clave", "valor")
    with stack.terminal(stack.adapt(COMMANDS[REDIS])) as terminal:
        terminal.expect(REDIS_PROMPT)
        terminal.type(typed)
        terminal.expect(ANSWERS[typed])
    left = stack.redis("DBSIZE")
    assert (left == "0") == (typed == "FLUSHDB"), left
