"""Certificates as an operator may have them: a good one, and each that must be refused."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = datetime.datetime.now(tz=datetime.UTC)
DAY = datetime.timedelta(days=1)
NAMES = ("only.test", "localhost", "127.0.0.1")

Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def key_text(key: Key, password: str = "") -> str:
    cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        cipher = serialization.BestAvailableEncryption(password.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher).decode()


def certificate(
    name: str,
    key: Key,
    issuer: tuple[x509.Certificate, Key] | None = None,
    names: tuple[str, ...] = (),
    until: datetime.datetime = NOW + 100 * DAY,
    since: datetime.datetime = NOW - 100 * DAY,
) -> x509.Certificate:
    """A certificate; without an issuer, the one of an authority."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    )
    if names:
        known = [
            x509.IPAddress(ipaddress.ip_address(each)) if each[0].isdigit() else x509.DNSName(each) for each in names
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(known), critical=False)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def text(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in certificates)


def write(directory: Path) -> None:
    """Put an authority's files into a directory, by names that say what is wrong with them."""
    directory.mkdir()
    authority_key, server_key, other_key = new_key(), new_key(), new_key()
    authority = certificate("authority", authority_key)
    issuer = (authority, authority_key)
    contents = {
        "ca.pem": text(authority),
        "foreign_ca.pem": text(certificate("another authority", other_key)),
        "server.key": key_text(server_key),
        "other.key": key_text(other_key),
        "server.pem": text(certificate("server", server_key, issuer, NAMES)),
        "expired.pem": text(certificate("server", server_key, issuer, NAMES, until=NOW - 10 * DAY)),
        "elsewhere.pem": text(certificate("server", server_key, issuer, ("elsewhere.test",))),
    }
    for name, content in contents.items():
        (directory / name).write_text(content, encoding="utf-8")
