"""A file that only its owner reads."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Replace a file, readable by its owner only; an interrupted run leaves the old one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".vault-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # Whoever goes on to change a server must find the new secret again, also after a power cut.
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
