#!/usr/bin/python
"""Module: rows and checksum of every table of a MySQL database, and the revision of its schema."""

from __future__ import annotations

import time

from ansible.module_utils.backup_mysql import content, rows
from ansible.module_utils.backup_pipes import CommandFailed
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: backup_mysql_content
short_description: Count and checksum the tables of a database
description:
  - Changes nothing. The checksum is that of CHECKSUM TABLE.
options:
  client: {description: The client with its login., type: list, elements: str, required: true}
  database: {description: The database., type: str, required: true}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "client": {"type": "list", "elements": "str", "required": True},
            "database": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    client, started = module.params["client"], time.monotonic()
    try:
        seen = content(client, module.params["database"])
        ((version,),) = rows(client, "SELECT @@version")
    except (CommandFailed, ValueError) as error:
        module.fail_json(msg=f"MySQL: {error}")
    spent = round(time.monotonic() - started, 1)
    module.exit_json(changed=False, version=version, seconds=spent, **seen)


if __name__ == "__main__":
    main()
