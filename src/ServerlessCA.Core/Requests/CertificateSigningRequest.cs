using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>A PKCS #10 request (RFC 2986) whose own signature was verified and whose key the key policy accepts
/// (contract 12.1). Nothing that it asks for in attributes (extensions, a challenge password) is granted; <see cref="Attributes"/>
/// are there to tell so. Immutable.</summary>
public sealed class CertificateSigningRequest
{
    private const int MaxLength = 65_536; // our decision: 64 KiB; one with ML-DSA-87 has 10 KiB
    private const string BadSignature = "CSR signature is not valid"; // contract 12.1, word for word

    private CertificateSigningRequest(SignedDer signed, CertificationRequestInfo info, PublicKey publicKey)
    {
        Der = signed.Der;
        SubjectDer = info.SubjectDer;
        Attributes = info.Attributes;
        PublicKey = publicKey;
        SignatureDigest = VerificationScheme.Find(signed.AlgorithmDer)?.Digest;
        Pem = Certificates.Pem.Encode(Certificates.Pem.RequestLabel, signed.Der.Span);
    }

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>PEM with the label <c>CERTIFICATE REQUEST</c> and the final newline, whatever was sent.</summary>
    public string Pem { get; }

    /// <summary>The subject's name, DER; may be empty. Its structure and the encoding of its texts are checked, nothing else.</summary>
    public ReadOnlyMemory<byte> SubjectDer { get; }

    /// <summary>The common name of the subject, the first of several; null when it has none.</summary>
    public string? CommonName => DistinguishedName.TryDecode(SubjectDer, out DistinguishedName? subject)
        ? subject.Values(SubjectAttributes.CommonName.Oid).FirstOrDefault(value => value.Length > 0)
        : null;

    /// <summary>The subject's key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The attributes, in order.</summary>
    internal IReadOnlyList<RequestAttribute> Attributes { get; }

    /// <summary>The hash of its signature; null when the bytes themselves were signed.</summary>
    internal HashAlgorithmName? SignatureDigest { get; }

    /// <summary>Reads a text that holds one PEM block <c>CERTIFICATE REQUEST</c> or <c>NEW CERTIFICATE REQUEST</c>.
    /// What explains it before and after is passed over (contract 12.2), and lines may have any length.</summary>
    /// <param name="text">What was sent. Never throws, whatever it is.</param>
    /// <param name="csr">The request.</param>
    /// <param name="why">Else what is wrong and what to do; never a part of the text.</param>
    public static bool TryParsePem(
        string text, [NotNullWhen(true)] out CertificateSigningRequest? csr, [NotNullWhen(false)] out string? why)
    {
        csr = null;
        if (text.Length > MaxLength)
        {
            why = "CSR is larger than 64 KiB: send the certificate request alone";
            return false;
        }

        return CertificateSigningRequestPem.TryRead(text, out byte[]? der, out why) && TryParseDer(der, out csr, out why);
    }

    /// <summary>Reads DER.</summary>
    /// <param name="der">Kept, not copied: do not change it afterwards. Never throws, whatever it is.</param>
    /// <param name="csr">The request.</param>
    /// <param name="why">Else what is wrong and what to do.</param>
    public static bool TryParseDer(
        ReadOnlyMemory<byte> der, [NotNullWhen(true)] out CertificateSigningRequest? csr, [NotNullWhen(false)] out string? why)
    {
        csr = null;
        if (der.Length > MaxLength)
        {
            why = "CSR is larger than 64 KiB: send the certificate request alone";
            return false;
        }

        try
        {
            SignedDer signed = SignedDer.Decode(der);
            why = Check(signed, CertificationRequestInfo.Decode(signed.TbsDer), out csr);
        }
        catch (AsnContentException)
        {
            why = "CSR is not a well-formed DER certificate request (PKCS #10): make it again";
        }

        return why is null;
    }

    /// <summary>The subject that a refused CSR names, where its structure can be read; for the refusal's message only:
    /// nothing about it is verified.</summary>
    internal static bool TryReadSubject(string text, out ReadOnlyMemory<byte> subjectDer)
    {
        subjectDer = default;
        if (text.Length > MaxLength || !CertificateSigningRequestPem.TryRead(text, out byte[]? der, out _))
        {
            return false;
        }

        try
        {
            CertificationRequestInfo info = CertificationRequestInfo.Decode(SignedDer.Decode(der).TbsDer);
            subjectDer = info.SubjectDer;
            return info.Fault is null;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static string? Check(SignedDer signed, CertificationRequestInfo info, out CertificateSigningRequest? csr)
    {
        csr = null;
        if (info.Fault is { } fault)
        {
            return $"CSR {fault}";
        }

        if (!PublicKey.TryParse(info.SubjectPublicKeyInfo, out PublicKey? key, out string? refusal))
        {
            return refusal;
        }

        SignatureVerdict verdict = signed.Verify(key);
        csr = verdict == SignatureVerdict.Valid ? new(signed, info, key) : null;
        return verdict switch
        {
            SignatureVerdict.Valid => null,
            SignatureVerdict.Invalid => BadSignature,
            _ => CsrSignatureAlgorithm.WhyNotSupported(signed.AlgorithmDer),
        };
    }
}

/// <summary>The PEM around a CSR: one block; text before and after it, as certtool, certutil and <c>openssl req -text</c>
/// print it, is passed over (contract 12.2).</summary>
internal static class CertificateSigningRequestPem
{
    private const string NewRequestLabel = "NEW CERTIFICATE REQUEST"; // RFC 7468 §7: older programs write it
    private const string PrivateKeyMark = "PRIVATE KEY-----";

    /// <summary>Reads the block; else says what is wrong, without a word of the text.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out byte[]? der, [NotNullWhen(false)] out string? why)
    {
        bool read = PemBlock.TryFind(text, out PemBlock? block, out PemFault fault);
        der = block?.Der;

        // Before all else: who sends a private key must learn that, whatever stands around it.
        why = text.Contains(PrivateKeyMark, StringComparison.Ordinal)
            ? "CSR holds a private key: keep private keys secret; make a new key and send its certificate request only"
            : read ? LabelFault(block!.Label)
            : Message(fault);
        return why is null;
    }

    private static string? LabelFault(string label) => label switch
    {
        Pem.RequestLabel or NewRequestLabel => null,
        Pem.CertificateLabel => "CSR is a certificate: send the certificate request that was made with the key",
        "PUBLIC KEY" => "CSR is a public key: send a certificate request",
        Pem.CrlLabel => "CSR is a CRL: send a certificate request",
        _ => "CSR has another PEM label than CERTIFICATE REQUEST: send a certificate request",
    };

    private static string Message(PemFault fault) => fault switch
    {
        PemFault.Empty => "CSR is empty: send a certificate request in PEM",
        PemFault.NoBlock => "CSR is not PEM: it must begin with -----BEGIN CERTIFICATE REQUEST-----",
        PemFault.SecondBlock => "CSR has more than one PEM block: send one certificate request",
        PemFault.Unfinished => "CSR has no END line of the same label: send the whole PEM block",
        PemFault.BadBase64 => "CSR has a PEM block that is not base64: send it unchanged",
        _ => throw new UnreachableException(),
    };
}
