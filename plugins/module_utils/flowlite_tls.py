"""TLS as our own logins use it: the authority is verified, and which certificate a server presents is compared."""

from __future__ import annotations

import socket
import ssl

# How the modules describe the option: PEM text, not paths, because they run on hosts that have no such file.
ARGUMENT = {
    "type": "dict",
    "options": {"ca": {"type": "str", "required": True}, "certificate": {"type": "str", "required": True}},
}
SECONDS = 5


def context(tls: dict[str, str] | None) -> ssl.SSLContext | None:
    """Return what a login needs, None where the server speaks without TLS.

    Not the server's name: our logins go to an address, services go to the name.
    """
    if tls is None:
        return None
    made = ssl.create_default_context(cadata=tls["ca"])
    made.check_hostname = False
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def is_declared(tls: dict[str, str], presented: bytes | None) -> bool:
    """Return whether what a server presents is the declared certificate."""
    first = tls["certificate"].partition("-----END CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert("".join(first[:2]).strip()) == presented


def presented(host: str, port: int, tls: dict[str, str]) -> bytes | None:
    """Return the certificate with which a server begins TLS; raises OSError."""
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        # A context is only missing without ``tls``.
        context(tls).wrap_socket(plain) as secured,  # type: ignore[union-attr]
    ):
        return secured.getpeercert(binary_form=True)


def differs(service: str, where: str) -> dict[str, str]:
    """Return the problem of a server that presents another certificate than the declared one."""
    return {
        "what": f"{service} at {where} presents another certificate than the declared one",
        "remedy": "playbooks/site.yml has it read the new one, without a restart",
    }
