"""Write the configuration and rings of an object store whose one disk is /srv/node/disk."""

import subprocess
from pathlib import Path

PORTS = {"account": 6202, "container": 6201, "object": 6200}
# Who logs in; the secret is one of tests.
PROXY = """
[DEFAULT]
bind_port = 8080
workers = 0
user = swift
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth copy slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_flowlite_backup = molecule.store-Secret_1 .admin
[filter:cache]
use = egg:swift#memcache
"""
PLAIN = ("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "copy", "slo")

directory = Path("/etc/swift")
directory.mkdir()
filters = "".join(f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in PLAIN)
(directory / "proxy-server.conf").write_text(PROXY + filters, encoding="utf-8")
(directory / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = flowlite\n", encoding="utf-8")
for kind, port in PORTS.items():
    (directory / f"{kind}-server.conf").write_text(
        f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\nworkers = 0\nmount_check = false\nuser = swift\n"
        f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n",
        encoding="utf-8",
    )
    builder = directory / f"{kind}.builder"
    for words in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/disk", "1"], ["rebalance"]):
        # 1 is a warning: all copies on one device.
        done = subprocess.run(["python3", "-m", "swift.cli.ringbuilder", str(builder), *words], check=False)
        if done.returncode > 1:
            raise SystemExit(done.returncode)
