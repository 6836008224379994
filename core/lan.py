"""HTTPS for phones in the room: this machine's address and a certificate it signs itself."""

import io
import ipaddress
import socket
from datetime import timedelta
from pathlib import Path

from core.clock import now

LIFE = timedelta(days=90)


def address() -> str:
    """Return the address under which phones in the same network reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # No packet is sent: connecting a UDP socket only chooses the outgoing interface.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def certificate(directory: Path) -> tuple[Path, Path]:
    """Return the paths of certificate and key for the present address, made when needed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    host = address()
    cert_path, key_path = directory / f"lan-{host}.pem", directory / f"lan-{host}.key"
    if cert_path.exists() and key_path.exists():
        old = x509.load_pem_x509_certificate(cert_path.read_bytes())
        if old.not_valid_after_utc > now() + timedelta(days=1):
            return cert_path, key_path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Quality Month in this room")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(host))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    directory.mkdir(parents=True, exist_ok=True)
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.touch(mode=0o600)
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_path, key_path


def advice(url: str) -> str:
    """Return the address as a QR for the terminal, and what the phone will ask."""
    import qrcode

    code = qrcode.QRCode(border=2)
    code.add_data(url)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return (
        f"{drawn.getvalue()}\n{url}\n"
        "手机与本机连同一无线网络后扫码；证书由本机自签，浏览器提示“不安全”时选“继续访问”。\n"
        "Phones join the same network and scan. The certificate is signed by this machine itself:\n"
        "when the browser warns, choose to continue. The camera then works as on any HTTPS site.\n"
    )
