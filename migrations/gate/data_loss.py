"""Going back may destroy data: say what, and do it only where that is allowed."""

from __future__ import annotations

from sqlalchemy import Connection

from errors import FlowliteError
from gate.losses import losses
from gate.recording import Plan

ALLOW = (
    "If these may go, take a backup and allow it: ansible-playbook playbooks/migrate.yml … "
    "-e db_schema_allow_data_loss=true; by hand init_database.py --allow-data-loss, or "
    "alembic -x allow_data_loss=true downgrade …"
)


def lost_by(connection: Connection, plans: list[Plan]) -> list[str]:
    """What the downgrades among the plans would destroy; one line a table or column."""
    found = []
    for plan in plans:
        if not plan.upgrade:
            lost = [line for statement in plan.statements for line in losses(connection, statement)]
            # Only the revision's author knows what a downgrade does that cannot be read.
            lost += [f"what cannot be told: {plan.unreadable}"] if plan.unreadable else []
            found += [f"{line} (taking back {plan.revision})" for line in lost]
    connection.rollback()
    # A table that two revisions take back in turn is lost once.
    return list(dict.fromkeys(found))


def refuse_data_loss(lost: list[str]) -> None:
    """Raise FlowliteError if anything would be lost."""
    if lost:
        listed = "".join(f"\n  - {line}" for line in lost)
        raise FlowliteError(f"the downgrade would destroy data; nothing was changed:{listed}\n{ALLOW}")
