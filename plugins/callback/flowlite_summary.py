"""Callback: print, after the recap, the lines that a play left in the statistic `flowlite_summary`."""

from __future__ import annotations

from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: flowlite_summary
type: aggregate
short_description: Closing lines of a play
description:
  - Prints the list that C(ansible.builtin.set_stats) collected under C(flowlite_summary), unless a host failed.
"""


class CallbackModule(CallbackBase):
    """Close a successful run with the lines a person wants to read last."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "flowlite_summary"

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Print the lines when every host came through."""
        if stats.failures or stats.dark:
            return
        for line in stats.custom.get("_run", {}).get("flowlite_summary", []):
            self._display.display(line)
