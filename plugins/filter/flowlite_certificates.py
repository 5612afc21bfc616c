"""Filters for the certificates of the servers; the rules are in ``flowlite_rules``."""

from __future__ import annotations

import base64
import datetime
import sys
from pathlib import Path
from typing import Any

# Ansible loads a plugin by its file, not as part of a package.
sys.path.append(str(Path(__file__).parents[1]))

from flowlite_rules import certificate_rules as rules


def _files(tls: dict[str, Any]) -> rules.Files:
    password = tls["password"] if tls["issued"] else None
    return rules.Files(tls["certificate"] or "", tls["key"] or "", tls["ca"] or "", password)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def reason_to_issue(tls: dict[str, Any], renew_days: int) -> str:
    """Say why the project's authority must issue a certificate; empty where the one at hand will do."""
    if not tls["issued"]:
        return ""
    wrong = rules.problems(_files(tls), tls["names"], _now())
    if wrong:
        return "; ".join(f"{part} {text}" for part, text in wrong.items())
    left = rules.days_left(tls["certificate"], _now())
    return f"the certificate expires in {left} days" if left < renew_days else ""


def server_pem(tls: dict[str, Any]) -> str:
    """Return private key and certificates in one text: no server ever reads a certificate with another one's key.

    Empty where there is none yet, as in a dry run.
    """
    files = _files(tls)
    if not files.key or not files.certificate:
        return ""
    return rules.private_key(files.key, files.password).strip() + "\n" + files.certificate.strip() + "\n"


def expiry_problems(tls: dict[str, Any], renew_days: int) -> list[dict[str, str]]:
    """Name a certificate that expires soon, or the authority's."""
    service = tls["service"]
    given = f"put a new one where {service}_tls_certificate_file and {service}_tls_key_file point, then "
    remedies = {
        "certificate": ("" if tls["issued"] else given) + "run playbooks/site.yml",
        "ca": "replace the authority (docs/operations.md, Certificates)",
    }
    names = {"certificate": f"the certificate of {service}", "ca": f"the authority of {service}'s certificate"}
    left = {part: rules.days_left(tls[part], _now()) for part in names if tls[part]}
    found = [
        {"what": f"{names[part]} expires in {days} days", "remedy": remedies[part]}
        for part, days in left.items()
        if days < renew_days
    ]
    return found


def java_truststore(text: str, path: str) -> str:
    """Return certificates as a PKCS#12 store for Java, in base64: what ``path`` holds where that is the same ones.

    Each store has a random salt, so that a new one would differ in every run.
    """
    if not text.strip():
        return ""
    there = Path(path).read_bytes() if Path(path).is_file() else b""
    made = there if rules.holds(there, text) else rules.java_truststore(text)
    return base64.b64encode(made).decode()


class FilterModule:
    """Register the filters with Ansible."""

    def filters(self) -> dict[str, object]:
        """Return filter names and functions."""
        return {
            "flowlite_reason_to_issue": reason_to_issue,
            "flowlite_server_pem": server_pem,
            "flowlite_java_truststore": java_truststore,
            "flowlite_expiry_problems": expiry_problems,
        }
