using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Certificates;

/// <summary>PEM texts (RFC 7468).</summary>
public static class Pem
{
    /// <summary>Label of a certificate (RFC 7468 §5).</summary>
    public const string CertificateLabel = "CERTIFICATE";

    /// <summary>Label of a CRL (RFC 7468 §6).</summary>
    public const string CrlLabel = "X509 CRL";

    /// <summary>Label of a certificate request (RFC 7468 §7).</summary>
    public const string RequestLabel = "CERTIFICATE REQUEST";

    /// <summary>Writes one block: lines of 64 columns, a line feed after each, the last one too.</summary>
    public static string Encode(string label, ReadOnlySpan<byte> der)
    {
        int length = PemEncoding.GetEncodedSize(label.Length, der.Length);
        char[] text = new char[length + 1];
        PemEncoding.TryWrite(label, der, text, out int written);
        text[written] = '\n';
        return new string(text, 0, written + 1);
    }

    /// <summary>Reads a text that is one block of this label; only white space and a byte order mark may surround it.</summary>
    public static bool TryDecodeOne(string text, string label, [NotNullWhen(true)] out byte[]? der)
    {
        bool read = PemBlock.TryRead(text, out PemBlock? block, out _) && block.Label == label;
        der = read ? block!.Der : null;
        return read;
    }
}
