#!/usr/bin/python
"""Module: rows and a checksum by value of each table."""

from __future__ import annotations

from ansible.module_utils.adopt_mysql import checksum
from ansible.module_utils.backup_pipes import CommandFailed
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: adopt_mysql_content
short_description: Count and checksum tables by the values in them
description:
  - Changes nothing. Two servers of different versions give the same answer for the same rows, whatever the collations,
    keys and order of columns of the tables.
options:
  client: {description: The client with its login., type: list, elements: str, required: true}
  database: {description: The database., type: str, required: true}
  columns: {description: The columns of each table that count., type: dict, required: true}
author: Flowlite
"""


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "client": {"type": "list", "elements": "str", "required": True},
            "database": {"type": "str", "required": True},
            "columns": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        tables = {
            table: checksum(given["client"], given["database"], table, names)
            for table, names in given["columns"].items()
        }
    except CommandFailed as error:
        module.fail_json(msg=f"MySQL: {error}")
    module.exit_json(changed=False, tables=tables)


if __name__ == "__main__":
    main()
