using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Requests;

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
