"""Rules for a server's certificate, its private key and the certificates of the authority that issued it."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Callable
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

# What Java's tools take where none is named: the store holds public certificates only.
JAVA_PASSWORD = b"changeit"
REMEDIES = {
    "certificate": "put a valid one there",
    "key": "put the certificate's own key there",
    "ca": "put the certificate of the authority that issued it there",
}
# What cryptography raises for text that is no certificate or key, or for a wrong password.
UNREADABLE = (ValueError, TypeError)


class Files(NamedTuple):
    """The text of the three files of a server; empty where there is none."""

    certificate: str
    key: str
    ca: str
    password: str | None = None


def private_key(text: str, password: str | None = None) -> str:
    """Return a private key as the servers read it: PKCS#8, not encrypted."""
    key = serialization.load_pem_private_key(text.encode(), password.encode() if password else None)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def days_left(text: str, now: datetime.datetime) -> int:
    """Return for how many whole days a certificate is valid still; below 0 when it is not."""
    return (x509.load_pem_x509_certificate(text.encode()).not_valid_after_utc - now).days


def java_truststore(text: str) -> bytes:
    """Return certificates as a PKCS#12 store that Java takes for trusted ones."""
    entries = [
        pkcs12.PKCS12Certificate(certificate, f"flowlite-{number}".encode())
        for number, certificate in enumerate(x509.load_pem_x509_certificates(text.encode()), 1)
    ]
    return pkcs12.serialize_java_truststore(entries, serialization.BestAvailableEncryption(JAVA_PASSWORD))


def holds(store: bytes, text: str) -> bool:
    """Return whether a PKCS#12 store holds exactly these certificates."""
    try:
        entries = pkcs12.load_pkcs12(store, JAVA_PASSWORD).additional_certs
    except UNREADABLE:
        return False
    return [entry.certificate for entry in entries] == x509.load_pem_x509_certificates(text.encode())


def problems(files: Files, names: list[str], now: datetime.datetime) -> dict[str, str]:
    """Say of ``certificate``, ``key`` and ``ca`` what is wrong with it; what is missing hides the rest."""
    found = {part: "is missing or empty" for part in ("certificate", "key", "ca") if not getattr(files, part).strip()}
    if found:
        return found
    try:
        chain = x509.load_pem_x509_certificates(files.certificate.encode())
    except UNREADABLE:
        found["certificate"] = "is no certificate in PEM format"
    try:
        authorities = x509.load_pem_x509_certificates(files.ca.encode())
    except UNREADABLE:
        found["ca"] = "is no certificate in PEM format"
    try:
        public = _public(serialization.load_pem_private_key(private_key(files.key, files.password).encode(), None))
    except UNREADABLE:
        found["key"] = "is no private key in PEM format" + (
            " that certificates_ca_password opens" if files.password else " without a password"
        )
    if found:
        return found
    if _public(chain[0]) != public:
        found["key"] = "does not belong to the certificate"
    if not _leads_to(chain, authorities):
        found["ca"] = "did not issue the certificate (its file holds intermediate certificates after the server's own)"
    if expired := [authority for authority in authorities if authority.not_valid_after_utc < now]:
        found["ca"] = f"expired on {expired[0].not_valid_after_utc:%Y-%m-%d}"
    if wrong := _wrong_with(chain[0], names, now):
        found["certificate"] = wrong
    return found


def given_problems(role: str, values: dict[str, Any], read: Callable[[str], str], names: list[str]) -> list[str]:
    """Name what is wrong with the files that an operator gave a role; with none, they are issued."""
    switches = [name for name in (f"{role}_tls", f"{role}_tls_required") if isinstance(values.get(name), str)]
    if switches:
        return [
            f"{name} is the text '{values[name]}': write true or false in a file of variables, on a command line "
            f"-e '{{\"{name}\": true}}'"
            for name in switches
        ]
    if values.get(f"{role}_tls_required") and not values.get(f"{role}_tls"):
        return [
            f"{role}_tls_required is true and {role}_tls is not, so that nobody could log in: set {role}_tls: true, "
            f"or {role}_tls_required: false"
        ]
    variables = {part: f"{role}_tls_{part}_file" for part in ("certificate", "key", "ca")}
    paths = {part: str(values.get(name) or "") for part, name in variables.items()}
    if not values.get(f"{role}_tls") or not any(paths.values()):
        return []
    if absent := [variables[part] for part, path in paths.items() if not path]:
        given = ", ".join(variables[part] for part, path in paths.items() if path)
        return [f"{given} needs {', '.join(absent)} beside it: give all three files, or none to have them issued"]
    files = Files(**{part: read(path) for part, path in paths.items()})
    return [
        f"{variables[part]} {paths[part]} {text}: {REMEDIES[part]}, or take {role}_tls_*_file out to have it issued"
        for part, text in problems(files, names, datetime.datetime.now(tz=datetime.UTC)).items()
    ]


def _wrong_with(certificate: x509.Certificate, names: list[str], now: datetime.datetime) -> str:
    if certificate.not_valid_after_utc < now:
        return f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if certificate.not_valid_before_utc > now:
        return f"is not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
    missing = [name for name in names if not _covers(certificate, name)]
    return f"does not name {', '.join(missing)} as an alternative name" if missing else ""


def _public(holder: object) -> bytes:
    key = holder.public_key()  # type: ignore[attr-defined]
    return bytes(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _leads_to(chain: list[x509.Certificate], authorities: list[x509.Certificate]) -> bool:
    """Follow the issuers through the intermediate certificates."""
    current, rest = chain[0], chain[1:]
    while not any(_issued(current, authority) for authority in authorities):
        issuers = [certificate for certificate in rest if _issued(current, certificate)]
        if not issuers:
            return False
        current = issuers[0]
        rest = [certificate for certificate in rest if certificate is not current]
    return True


def _covers(certificate: x509.Certificate, name: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    try:
        return ipaddress.ip_address(name) in names.get_values_for_type(x509.IPAddress)
    except ValueError:
        known = [each.lower() for each in names.get_values_for_type(x509.DNSName)]
        return name.lower() in known or f"*.{name.lower().partition('.')[2]}" in known
