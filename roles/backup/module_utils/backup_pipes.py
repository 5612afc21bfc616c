"""Streams between commands and compressed files, never held in memory and never readable by others."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any


class CommandFailed(Exception):
    """A command failed; the message is what it said."""


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(path: Path) -> dict[str, Any]:
    """Return what a receipt says about a file."""
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)}


@contextlib.contextmanager
def private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that nobody else may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


@contextlib.contextmanager
def running(argv: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command with pipes at both ends; raises CommandFailed with its standard error when it fails."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        with process:
            try:
                with contextlib.suppress(BrokenPipeError):  # it ended early: its own words say why
                    yield process
            except BaseException:
                process.kill()
                raise
            finally:
                if process.stdin:
                    with contextlib.suppress(BrokenPipeError):
                        process.stdin.close()
            while process.stdout and process.stdout.read(1 << 20):
                pass  # what nobody wanted must not block its end
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()[-800:]
            raise CommandFailed(said or f"{argv[0]} ended with code {process.returncode}")


def output(argv: list[str], given: bytes = b"") -> str:
    """Return what a small command prints."""
    done = subprocess.run(argv, input=given, capture_output=True, check=False)
    if done.returncode:
        raise CommandFailed(done.stderr.decode(errors="replace").strip()[-800:] or f"{argv[0]}: {done.returncode}")
    return done.stdout.decode()


def save(argv: list[str], path: Path, given: bytes = b"") -> None:
    """Write what a command prints into a compressed file. ``given`` goes to its standard input: secrets do."""
    with private(path) as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed, running(argv) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(given)
        process.stdin.close()
        shutil.copyfileobj(process.stdout, packed, 1 << 20)


def feed(path: Path, argv: list[str]) -> None:
    """Give the content of a compressed file to a command."""
    with gzip.open(path, "rb") as content, running(argv) as process:
        assert process.stdin
        shutil.copyfileobj(content, process.stdin, 1 << 20)


def pipe(source: list[str], change: Callable[[Iterable[bytes]], Iterator[bytes]], sink: list[str]) -> None:
    """Give what one command prints to another, changed on the way."""
    with running(sink) as reader, running(source) as writer:
        assert reader.stdin
        assert writer.stdout
        for line in change(writer.stdout):
            reader.stdin.write(line)
