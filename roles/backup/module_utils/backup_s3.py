"""A store that speaks S3: in a bucket, below a prefix, each backup is what a directory would be in ``backup_dir``.

Nothing is renamed there: a backup is one from the moment on at which its receipt arrives, which is uploaded last.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ansible.module_utils.backup_pipes import CommandFailed, private
from ansible.module_utils.backup_receipts import RECEIPT, begun

try:
    import boto3
    import botocore.config
    from botocore.exceptions import BotoCoreError, ClientError

    HAS_BOTO3 = True
except ImportError:
    HAS_BOTO3 = False

# What a module is given; without a bucket there is no store.
ARGUMENT: dict[str, Any] = {
    "type": "dict",
    "required": True,
    "options": {
        "bucket": {"type": "str", "default": ""},
        "endpoint": {"type": "str", "default": ""},
        "region": {"type": "str", "default": ""},
        "prefix": {"type": "str", "default": ""},
        # Empty: what boto3 finds in the environment.
        "access_key": {"type": "str", "default": "", "no_log": True},
        "secret_key": {"type": "str", "default": "", "no_log": True},
    },
}
DAY = 86_400


class Store:
    """The backups in a bucket; every method raises CommandFailed with words for a person."""

    def __init__(self, given: dict[str, Any]) -> None:
        """Take the module's parameter of the kind ``ARGUMENT``."""
        self.bucket = given["bucket"]
        self.prefix = given["prefix"].strip("/") + "/" if given["prefix"].strip("/") else ""
        self.where = f"s3://{self.bucket}/{self.prefix} at {given['endpoint'] or 'AWS'}"
        if not HAS_BOTO3:
            raise CommandFailed("backup_s3_bucket is set, and boto3 is not on the controller: run make setup")
        config = botocore.config.Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 4},
            # Names of buckets are no names of hosts at most servers but Amazon's, and newer checksums not known to all;
            # with signed payloads the server itself refuses bytes that changed on the way.
            s3={"addressing_style": "path" if given["endpoint"] else "auto", "payload_signing_enabled": True},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.client = self._try(
            boto3.client,
            "s3",
            endpoint_url=given["endpoint"] or None,
            region_name=given["region"] or None,
            aws_access_key_id=given["access_key"] or None,
            aws_secret_access_key=given["secret_key"] or None,
            config=config,
        )

    def _try(self, call: Callable[..., Any], *words: Any, **options: Any) -> Any:
        try:
            return call(*words, **options)
        except (BotoCoreError, ClientError, boto3.exceptions.Boto3Error, ValueError) as error:
            raise CommandFailed(
                f"{self.where}: {error}. See backup_s3_bucket, backup_s3_endpoint, backup_s3_access_key and "
                "backup_s3_secret_key"
            ) from error

    def names(self) -> dict[str, set[str]]:
        """Return the files of each backup."""
        found: dict[str, set[str]] = {}
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in self._try(list, pages):
            for entry in page.get("Contents", []):
                name, _, file = entry["Key"].removeprefix(self.prefix).partition("/")
                if re.fullmatch(r"[\w.-]+", name) and re.fullmatch(r"[\w.-]+", file):
                    found.setdefault(name, set()).add(file)
        return found

    def index(self, directory: Path) -> None:
        """Make a directory look like the store: of each backup a directory with its receipt, where it has one."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(mode=0o700, parents=True)
        for name, files in self.names().items():
            (directory / name).mkdir(mode=0o700)
            if RECEIPT in files:
                self._download(directory, name, RECEIPT)

    def fetch(self, directory: Path, name: str, files: Iterable[str]) -> None:
        """Download files of a backup; one that is not there is left out."""
        there = self.names().get(name, set())
        for file in there.intersection(files):
            self._download(directory, name, file)

    def _download(self, directory: Path, name: str, file: str) -> None:
        with private(directory / name / file) as target:
            self._try(self.client.download_fileobj, self.bucket, f"{self.prefix}{name}/{file}", target)

    def push(self, directory: Path) -> None:
        """Upload a backup, its receipt last."""
        for path in sorted(directory.iterdir(), key=lambda each: (each.name == RECEIPT, each.name)):
            key = f"{self.prefix}{directory.name}/{path.name}"
            self._try(self.client.upload_file, str(path), self.bucket, key)
            head = self._try(self.client.head_object, Bucket=self.bucket, Key=key)
            if head["ContentLength"] != path.stat().st_size:
                raise CommandFailed(f"{self.where}: {key} did not arrive whole")

    def remove(self, name: str) -> None:
        """Remove a backup, its receipt first: what is half removed must not look like one."""
        for file in sorted(self.names().get(name, set()), key=lambda each: (each != RECEIPT, each)):
            self._try(self.client.delete_object, Bucket=self.bucket, Key=f"{self.prefix}{name}/{file}")

    def unfinished(self, deployment: str) -> list[str]:
        """Return the backups of a deployment whose upload was begun more than a day ago and has no receipt."""
        before = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() - DAY))
        return [
            name
            for name, files in self.names().items()
            if RECEIPT not in files and "" < begun(name, deployment) < before
        ]
