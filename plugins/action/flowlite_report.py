"""Action: put what the hosts saw together, keep it as a report, and leave the verdict for whoever started the play.

Runs on the controller, for all hosts at once. Options: ``environment``, ``deployment``, ``hosts`` (sections by host,
null where it could not be looked at), ``started`` (seconds since 1970), ``directory`` for the report, ``keep``, and
``verdict_file``; without ``directory`` or ``verdict_file`` that one is not written.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

# Ansible loads a plugin by its file, not as part of a package.
sys.path.append(str(Path(__file__).parents[1]))

from flowlite_reports.page import page
from flowlite_reports.run import run_of
from flowlite_reports.store import history, save


class ActionModule(ActionBase):
    """Write the report of a verification."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the verdict and where the page is."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = self._task.args
        run = {
            "environment": given["environment"],
            "deployment": given["deployment"],
            **run_of(given["hosts"], float(given["started"]), datetime.datetime.now(datetime.UTC)),
        }
        result |= {"changed": False, "verdict": run["verdict"]}
        try:
            if directory := given.get("directory"):
                keep = int(given["keep"])
                before = history(Path(directory))[-(keep - 1) :] if keep > 1 else []
                path = save(Path(directory), run, page(run, before), keep)
                result |= {"changed": True, "page": str(path), "msg": f"{run['verdict']}: see {path}"}
            if verdict_file := given.get("verdict_file"):
                Path(verdict_file).write_text(run["verdict"], encoding="utf-8")
        except OSError as error:
            raise AnsibleError(
                f"{error.filename}: {error.strerror}: name another directory in flowlite_artifacts_dir"
            ) from error
        return result
