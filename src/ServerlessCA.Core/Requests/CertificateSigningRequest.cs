using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>A PKCS #10 request (RFC 2986), which has proved possession of its key by its signature, and whose key the key
/// policy accepts (contract 12.1). Nothing that its attributes request (extensions, a challenge password) is granted;
/// <see cref="Attributes"/> serve the warnings about that. Immutable.</summary>
public sealed class CertificateSigningRequest
{
    private const int MaxLength = 65_536; // our decision: 64 KiB; one with ML-DSA-87 has 10 KiB
    private const string NotWellFormed = "CSR is not a well-formed DER certificate request (PKCS #10): make it again";
    private const string BadSignature = "CSR signature is not valid"; // contract 12.1, word for word

    private CertificateSigningRequest(SignedDer signed, CertificationRequestInfo info, PublicKey publicKey)
    {
        Der = signed.Der;
        SubjectDer = info.SubjectDer;
        Subject = DistinguishedName.TryDecode(info.SubjectDer, out DistinguishedName? subject) ? subject : null;
        Attributes = info.Attributes;
        PublicKey = publicKey;
        SignatureDigest = VerificationScheme.Find(signed.AlgorithmDer)?.Digest;
    }

    /// <summary>Gets the whole request, DER.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Gets PEM with the label <c>CERTIFICATE REQUEST</c> and the final newline, whatever was sent.</summary>
    public string Pem => Certificates.Pem.Encode(Certificates.Pem.RequestLabel, Der.Span);

    /// <summary>Gets the subject's name, DER; may be empty. Only its structure and the encoding of its texts have been
    /// checked.</summary>
    public ReadOnlyMemory<byte> SubjectDer { get; }

    /// <summary>Gets the common name of the subject, the first of several; null when it has none.</summary>
    public string? CommonName => Subject?.Values(SubjectAttributes.CommonName.Oid).FirstOrDefault(value => value.Length > 0);

    /// <summary>Gets the subject's key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>Gets the subject's name; null when it is not well-formed.</summary>
    internal DistinguishedName? Subject { get; }

    /// <summary>Gets the attributes in the order of the encoding.</summary>
    internal IReadOnlyList<RequestAttribute> Attributes { get; }

    /// <summary>Gets the hash of the signature; null when the bytes themselves were signed.</summary>
    internal HashAlgorithmName? SignatureDigest { get; }

    /// <summary>Reads a text that holds one PEM block <c>CERTIFICATE REQUEST</c> or <c>NEW CERTIFICATE REQUEST</c>. Skips
    /// explanations before and after it (contract 12.2), and accepts lines of any length. Never throws.</summary>
    /// <param name="text">The text as it was sent.</param>
    /// <param name="csr">The CSR; null when it is refused.</param>
    /// <param name="why">What is wrong and what to do, without any part of the text; null when the CSR is accepted.</param>
    public static bool TryParsePem(
        string text, [NotNullWhen(true)] out CertificateSigningRequest? csr, [NotNullWhen(false)] out string? why)
    {
        csr = null;
        return TryReadPem(text, out UnprovenRequest? read, out why) && read.Prove(out csr, out why);
    }

    /// <summary>Reads the same text, without its proof of possession: the signature is not verified yet.</summary>
    internal static bool TryReadPem(
        string text, [NotNullWhen(true)] out UnprovenRequest? read, [NotNullWhen(false)] out string? why)
    {
        read = null;
        if (text.Length > MaxLength)
        {
            why = "CSR is larger than 64 KiB: send the certificate request alone";
            return false;
        }

        return CertificateSigningRequestPem.TryRead(text, out byte[]? der, out why) && TryReadDer(der, out read, out why);
    }

    /// <summary>Reads DER. Never throws.</summary>
    /// <param name="der">Used without a copy: do not change it afterwards.</param>
    /// <param name="csr">The CSR; null when it is refused.</param>
    /// <param name="why">What is wrong and what to do; null when the CSR is accepted.</param>
    public static bool TryParseDer(
        ReadOnlyMemory<byte> der, [NotNullWhen(true)] out CertificateSigningRequest? csr, [NotNullWhen(false)] out string? why)
    {
        csr = null;
        return TryReadDer(der, out UnprovenRequest? read, out why) && read.Prove(out csr, out why);
    }

    private static bool TryReadDer(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out UnprovenRequest? read, [NotNullWhen(false)] out string? why)
    {
        read = null;
        if (der.Length > MaxLength)
        {
            why = "CSR is larger than 64 KiB: send the certificate request alone";
            return false;
        }

        try
        {
            SignedDer signed = SignedDer.Decode(der);
            why = Check(signed, CertificationRequestInfo.Decode(signed.TbsDer), out read);
        }
        catch (AsnContentException)
        {
            why = NotWellFormed;
        }

        return why is null;
    }

    /// <summary>Reads the subject that a refused CSR names. Nothing about it is verified, so it serves only the refusal's
    /// message.</summary>
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

    private static string? Check(SignedDer signed, CertificationRequestInfo info, out UnprovenRequest? read)
    {
        read = null;
        if (info.Fault is { } fault)
        {
            return $"CSR {fault}";
        }

        if (!PublicKey.TryParse(info.SubjectPublicKeyInfo, out PublicKey? key, out string? refusal))
        {
            return refusal;
        }

        read = new UnprovenRequest(signed, info, key);
        return null;
    }

    /// <summary>A CSR whose form and key are accepted, and whose signature nobody has looked at. Immutable.</summary>
    /// <param name="Signed">The whole.</param>
    /// <param name="Info">Its signed part.</param>
    /// <param name="Key">The key that it names.</param>
    internal sealed record UnprovenRequest(SignedDer Signed, CertificationRequestInfo Info, PublicKey Key)
    {
        /// <summary>Gets SHA-256 of the DER, lower-case hex: equal CSRs, with their signatures, have the same.</summary>
        public string Hash => Convert.ToHexStringLower(SHA256.HashData(Signed.Der.Span));

        /// <summary>Verifies the signature.</summary>
        /// <param name="csr">The CSR; null when it is refused.</param>
        /// <param name="why">As of <see cref="TryParsePem"/>.</param>
        public bool Prove([NotNullWhen(true)] out CertificateSigningRequest? csr, [NotNullWhen(false)] out string? why)
        {
            SignatureVerdict verdict = Signed.Verify(Key);
            csr = verdict == SignatureVerdict.Valid ? Proven() : null;
            why = verdict switch
            {
                SignatureVerdict.Valid => null,
                SignatureVerdict.Invalid => BadSignature,
                _ => WhyNotSupported(),
            };
            return csr is not null;
        }

        private string WhyNotSupported()
        {
            try
            {
                return CsrSignatureAlgorithm.WhyNotSupported(Signed.AlgorithmDer);
            }
            catch (AsnContentException)
            {
                return NotWellFormed; // the algorithm is no AlgorithmIdentifier
            }
        }

        /// <summary>Returns the CSR; only for one whose signature was verified before.</summary>
        public CertificateSigningRequest Proven() => new(Signed, Info, Key);
    }
}

/// <summary>Reads the PEM around a CSR: one block. Skips text before and after it, as certtool, certutil and <c>openssl req
/// -text</c> print it (contract 12.2).</summary>
internal static class CertificateSigningRequestPem
{
    private const string NewRequestLabel = "NEW CERTIFICATE REQUEST"; // RFC 7468 §7: older programs write it
    private const string PrivateKeyMark = "PRIVATE KEY-----";

    /// <summary>Reads the block, or says what is wrong without a word of the text.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out byte[]? der, [NotNullWhen(false)] out string? why)
    {
        bool read = PemBlock.TryFind(text, out PemBlock? block, out PemFault fault);
        der = block?.Der;

        // Comes first: the sender of a private key must learn about it, whatever else is wrong.
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
