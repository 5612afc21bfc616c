#!/usr/bin/python
"""Module: set settings of a running Redis server and have it read its file of users."""

from __future__ import annotations

from ansible.module_utils import flowlite_tls
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.redis_login import MISSING, forbidden, login, redis

DOCUMENTATION = """
module: redis_apply
short_description: Apply settings and users to a running Redis server
description:
  - Sets what can be set while the server runs, and loads the ACL file. Say what differs: everything given is applied.
options:
  host: {description: Address of the server., type: str, required: true}
  port: {description: Port of the server., type: int, required: true}
  admin_user: {description: The administrator., type: str, required: true}
  admin_password: {description: The administrator's password., type: str, required: true}
  settings: {description: Settings to set., type: dict, default: {}}
  load_users: {description: Load the ACL file., type: bool, default: false}
  reload_certificate: {description: File of the certificate to read again; empty reads none., type: str, default: ""}
  tls: {description: PEM texts C(ca) and C(certificate) where the server speaks TLS., type: dict}
author: Flowlite
"""

RETURN = """
needs_restart:
  description: Something was refused that the server takes from its files at start.
  type: bool
  returned: always
"""


def written(value: object) -> str:
    """Return a setting's value as redis.conf has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "admin_user": {"type": "str", "required": True},
            "admin_password": {"type": "str", "required": True, "no_log": True},
            "settings": {"type": "dict", "default": {}},
            "load_users": {"type": "bool", "default": False},
            "reload_certificate": {"type": "str", "default": ""},
            "tls": flowlite_tls.ARGUMENT,
        },
        supports_check_mode=True,
    )
    if redis is None:
        module.fail_json(msg=MISSING)
    settings, load_users = module.params["settings"], module.params["load_users"]
    certificate = module.params["reload_certificate"]
    changed = bool(settings or load_users or certificate)
    if module.check_mode:
        module.exit_json(changed=changed, needs_restart=False)

    admin = login(
        module.params["host"],
        module.params["port"],
        module.params["admin_user"],
        module.params["admin_password"],
        tls=module.params["tls"],
    )
    needs_restart = False
    try:
        for name, value in settings.items():
            try:
                admin.execute_command("CONFIG SET", name, written(value))
            except redis.ResponseError:
                needs_restart = True
        if certificate:
            # The same path again: the server reads certificate, key and authority anew, for logins from now on.
            try:
                admin.execute_command("CONFIG SET", "tls-cert-file", certificate)
            except redis.ResponseError:
                needs_restart = True
        # Last, because the server then closes the administrator's connection.
        if load_users:
            try:
                admin.execute_command("ACL LOAD")
            except redis.ResponseError as error:
                if not forbidden(error):
                    raise
                needs_restart = True
    except redis.RedisError as error:
        module.fail_json(msg=f"Redis at {module.params['host']}:{module.params['port']}: {error}")
    module.exit_json(changed=changed, needs_restart=needs_restart)


if __name__ == "__main__":
    main()
