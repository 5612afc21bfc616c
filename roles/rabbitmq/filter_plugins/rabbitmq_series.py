"""Filter that says of a server which is still to be installed why a bad message would be delivered for ever."""

from __future__ import annotations

import re

# As library/rabbitmq_check.py has them, which asks the server that runs.
FIRST_WITH_DEFAULT_TYPE = (3, 11)
FIRST_NOT_COUNTING_NACK = (4, 3)


def no_limit(probe: str) -> str:
    """Return what is wrong with the version in the line ``server <version>``; an empty string when nothing is."""
    match = re.search(r"^server (\d+)\.(\d+)", probe, re.MULTILINE)
    if not match:
        return ""
    series = (int(match[1]), int(match[2]))
    name = ".".join(match.groups())
    if series < FIRST_WITH_DEFAULT_TYPE:
        return f"apt installs RabbitMQ {name}, which has no delivery limit: it ignores the type that queues must have"
    if series >= FIRST_NOT_COUNTING_NACK:
        return f"apt installs RabbitMQ {name}, which counts a message that is rejected, but none handed back by nack"
    return ""


class FilterModule:
    """Register the filter with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {"flowlite_rabbitmq_no_limit": no_limit}
