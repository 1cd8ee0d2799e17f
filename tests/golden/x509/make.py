"""Makes the golden certificates and CRLs with python-cryptography: see README.md."""
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2026, 3, 2, 10, 20, 30, tzinfo=datetime.timezone.utc)
START = NOW - datetime.timedelta(minutes=5)
DAY = datetime.timedelta(days=1)
LATE = datetime.datetime(2050, 1, 1, tzinfo=datetime.timezone.utc)  # from here on times have four digits of a year
SERIAL = 0x4F00AA55AA55AA55AA55AA55AA55AA55AA55AA00


def name(common_name):
    utf8, printable, ia5 = x509.name._ASN1Type.UTF8String, x509.name._ASN1Type.PrintableString, x509.name._ASN1Type.IA5String
    return x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, common_name, utf8),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "GB", printable),
        x509.NameAttribute(NameOID.EMAIL_ADDRESS, "ca@example.com", ia5),
        x509.NameAttribute(NameOID.LOCALITY_NAME, "Zürich", utf8),
    ])


def key_usage(*usages):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{one: one in usages for one in names})


def certificate(subject, key, issuer, serial, start, end, extensions):
    builder = x509.CertificateBuilder(issuer_name=issuer, subject_name=subject, public_key=key, serial_number=serial,
                                      not_valid_before=start, not_valid_after=end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder


def publication(ca_name):
    uri = x509.UniformResourceIdentifier
    return [
        (x509.CRLDistributionPoints([x509.DistributionPoint(
            [uri(f"http://ca.example.com/{ca_name}.crl")], None, None, None)]), False),
        (x509.AuthorityInformationAccess([x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, uri(f"http://ca.example.com/{ca_name}.cer"))]), False),
    ]


def ca_usage():
    return key_usage("digital_signature", "key_cert_sign", "crl_sign"), True


def ski(key):
    return x509.SubjectKeyIdentifier.from_public_key(key), False


def aki(key):
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key), False


def root(key, hash_algorithm, path_length, days):
    public = key.public_key()
    subject = name("Golden Root CA")
    extensions = [ca_usage(), (x509.BasicConstraints(True, path_length), True), ski(public), aki(public)]
    return certificate(subject, public, subject, SERIAL + 1, START, NOW + days * DAY, extensions).sign(key, hash_algorithm)


def crl(issuer_name, key, number, entries, now=NOW):
    builder = x509.CertificateRevocationListBuilder(issuer_name, now, now + DAY + datetime.timedelta(seconds=600))
    for serial, date, reason in entries:
        entry = x509.RevokedCertificateBuilder(serial, date)
        builder = builder.add_revoked_certificate(
            (entry.add_extension(x509.CRLReason(reason), False) if reason else entry).build())
    builder = builder.add_extension(*aki(key.public_key())).add_extension(x509.CRLNumber(number), False)
    return builder.sign(key, hashes.SHA256())


def write(file, signed):
    (HERE / file).write_bytes(signed.public_bytes(Encoding.DER))


def main():
    root_key, issuing_key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1())
    subject_key = rsa.generate_private_key(65537, 2048).public_key()
    root_certificate = root(root_key, hashes.SHA384(), None, 7300)
    issuing_name, issuing_public = name("Golden Issuing CA"), issuing_key.public_key()
    write("root.der", root_certificate)
    write("root-rsa.der", root(rsa.generate_private_key(65537, 2048), hashes.SHA256(), 2, 9000))
    write("root-2126.der", root(ec.generate_private_key(ec.SECP521R1()), hashes.SHA512(), 1, 36500))
    write("issuing.der", certificate(
        issuing_name, issuing_public, root_certificate.subject, SERIAL + 2, START, NOW + 3650 * DAY,
        [ski(issuing_public), aki(root_key.public_key()), ca_usage(), (x509.BasicConstraints(True, 0), True),
         *publication("serverless-root-ca-dev")]).sign(root_key, hashes.SHA384()))
    write("end-entity.der", certificate(
        name("www.example.com"), subject_key, issuing_name, SERIAL + 3, START, NOW + 30 * DAY,
        [(key_usage("digital_signature", "key_encipherment"), True),
         (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False),
         (x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), None)]), False),
         ski(subject_key), aki(issuing_public),
         (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.2"), b"\x0c\x04test"), True),
         (x509.SubjectAlternativeName([x509.DNSName("www.example.com")]), False),
         *publication("serverless-issuing-ca-dev")]).sign(issuing_key, hashes.SHA256()))
    write("empty.crl", crl(issuing_name, issuing_key, 1, []))
    write("entries.crl", crl(issuing_name, issuing_key, 300, [
        (1, NOW - 3 * DAY, None),
        (0x80, NOW - 2 * DAY, x509.ReasonFlags.key_compromise),
        (SERIAL, LATE, x509.ReasonFlags.privilege_withdrawn)], now=LATE))


main()
