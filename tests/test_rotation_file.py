"""The file that holds secrets goes from the old ones to the new ones, and nothing else in it changes."""

from __future__ import annotations

import pytest
from plugin import load

rotation = load("plugins/flowlite_secrets/rotation.py")

OLD = {"vault_mysql_password": "old one", "vault_redis_password": "old two"}
NEW = {"vault_mysql_password": "new.one", "vault_redis_password": "new.two"}
TEXT = """\
---
# Ours.
vault_mysql_password: 'old one'  # since March
"vault_redis_password": >-
  old
  two
vault_other: !unsafe "a{{b"
vault_key: |
  line one

  vault_mysql_password: not this one
"""


def test_a_rotation_changes_only_what_is_rotated() -> None:
    begun = rotation.begun(TEXT, NEW)
    assert rotation.parsed(begun) == rotation.parsed(TEXT) | {"vault_next": NEW}
    committed = rotation.committed(begun, OLD)
    assert rotation.parsed(committed) == rotation.parsed(TEXT) | NEW | {"vault_previous": OLD}
    finished = rotation.finished(committed)
    assert rotation.parsed(finished) == rotation.parsed(TEXT) | NEW
    assert "old" not in finished
    for kept in ("# Ours.\n", 'vault_other: !unsafe "a{{b"\n', "  line one\n\n  vault_mysql_password: not this one\n"):
        assert kept in finished


def test_each_step_can_be_repeated() -> None:
    begun = rotation.begun(TEXT, NEW)
    assert rotation.parsed(rotation.begun(begun, NEW)) == rotation.parsed(begun)
    committed = rotation.committed(begun, OLD)
    assert rotation.committed(committed, OLD) == committed
    finished = rotation.finished(committed)
    assert rotation.finished(finished) == finished
    assert rotation.committed(finished, OLD) == finished


@pytest.mark.parametrize("text", ["{vault_mysql_password: old, vault_redis_password: old}", "- a list", "a: ["])
def test_a_file_that_cannot_be_changed_is_refused(text: str) -> None:
    with pytest.raises(rotation.Unfit):
        rotation.committed(rotation.begun(text, NEW), OLD)


def test_a_file_of_its_own_is_made() -> None:
    assert rotation.parsed(rotation.begun("---\n# Written.\n", NEW)) == {"vault_next": NEW}
