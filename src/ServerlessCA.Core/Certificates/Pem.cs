using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Core.Certificates;

/// <summary>PEM texts (RFC 7468).</summary>
public static class Pem
{
    private const int BytesPerLine = 48; // 64 characters (RFC 7468 §2)

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

    /// <summary>The same in ASCII, without a text in between: a CRL may have 50 MB.</summary>
    public static byte[] EncodeAscii(string label, ReadOnlySpan<byte> der)
    {
        byte[] begin = Encoding.ASCII.GetBytes($"-----BEGIN {label}-----\n");
        byte[] end = Encoding.ASCII.GetBytes($"-----END {label}-----\n");
        int lines = (der.Length + BytesPerLine - 1) / BytesPerLine;
        byte[] pem = new byte[checked(begin.Length + Base64.GetMaxEncodedToUtf8Length(der.Length) + lines + end.Length)];
        begin.CopyTo(pem, 0);
        int at = begin.Length;
        for (int from = 0; from < der.Length; from += BytesPerLine)
        {
            ReadOnlySpan<byte> line = der.Slice(from, Math.Min(BytesPerLine, der.Length - from));
            Base64.EncodeToUtf8(line, pem.AsSpan(at), out _, out int written);
            at += written;
            pem[at++] = (byte)'\n';
        }

        end.CopyTo(pem, at);
        return pem;
    }

    /// <summary>Reads a text that is one block of this label; only white space and a byte order mark may surround it.</summary>
    public static bool TryDecodeOne(string text, string label, [NotNullWhen(true)] out byte[]? der)
    {
        bool read = PemBlock.TryRead(text, out PemBlock? block) && block.Label == label;
        der = read ? block!.Der : null;
        return read;
    }
}
