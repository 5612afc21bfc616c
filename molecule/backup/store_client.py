"""A client of the store: `ENDPOINT BUCKET make`, `list`, `put KEY FILE`, `get KEY FILE`, `delete KEY`.

Logs in by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3
import botocore.config

CONFIG = botocore.config.Config(
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


def main(endpoint: str, bucket: str, command: str, *words: str) -> Any:
    """Do what the command says; return the keys for `list`."""
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=CONFIG)
    if command == "make":
        client.create_bucket(Bucket=bucket)
    elif command == "put":
        client.upload_file(words[1], bucket, words[0])
    elif command == "get":
        client.download_file(bucket, words[0], words[1])
    elif command == "delete":
        client.delete_object(Bucket=bucket, Key=words[0])
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
