using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Core.Certificates;

/// <summary>Writes and reads PEM texts (RFC 7468).</summary>
public static class Pem
{
    private const int BytesPerLine = 48; // 64 characters (RFC 7468 §2)

    /// <summary>Labels a certificate (RFC 7468 §5).</summary>
    public const string CertificateLabel = "CERTIFICATE";

    /// <summary>Labels a CRL (RFC 7468 §6).</summary>
    public const string CrlLabel = "X509 CRL";

    /// <summary>Labels a certificate request (RFC 7468 §7).</summary>
    public const string RequestLabel = "CERTIFICATE REQUEST";

    /// <summary>Writes one block: lines of 64 columns, each ended by a line feed, the last one too.</summary>
    public static string Encode(string label, ReadOnlySpan<byte> der)
    {
        int length = PemEncoding.GetEncodedSize(label.Length, der.Length);
        return string.Create(length + 1, new PemParts(label, der), static (text, parts) =>
        {
            PemEncoding.TryWrite(parts.Label, parts.Der, text, out int written);
            text[written] = '\n';
        });
    }

    /// <summary>Writes one block in ASCII, without a string in between, since a CRL may have 50 MB.</summary>
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

    private readonly ref struct PemParts(string label, ReadOnlySpan<byte> der)
    {
        public string Label { get; } = label;

        public ReadOnlySpan<byte> Der { get; } = der;
    }

    /// <summary>Reads a text that is one block with this label; only white space and a byte order mark may surround
    /// it.</summary>
    public static bool TryDecodeOne(string text, string label, [NotNullWhen(true)] out byte[]? der)
    {
        bool read = PemBlock.TryRead(text, out PemBlock? block) && block.Label == label;
        der = read ? block!.Der : null;
        return read;
    }
}

/// <summary>Recognises PEM texts of private keys.</summary>
public static class PrivateKeyPem
{
    /// <summary>Labels PKCS #8 under a passphrase.</summary>
    public const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    /// <summary>Says whether a text holds a key under a passphrase: PKCS #8 (RFC 7468 §11), or the older form of OpenSSL, which
    /// has a header (RFC 1421 §4.6.1.1).</summary>
    public static bool IsEncrypted(string text) =>
        text.Contains($"-----BEGIN {EncryptedLabel}-----", StringComparison.Ordinal)
        || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
}

/// <summary>The one PEM block (RFC 7468) that a text holds. A byte order mark, white space around it and any line breaks in it
/// are accepted. Immutable.</summary>
/// <param name="Label">The label, such as <c>CERTIFICATE</c>.</param>
/// <param name="Der">The decoded bytes.</param>
/// <param name="IsAlone">Whether nothing but white space surrounds it.</param>
internal sealed record PemBlock(string Label, byte[] Der, bool IsAlone)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const string WhiteSpace = " \t\r\n\v\f";

    /// <summary>Reads a text that is one block and nothing else.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out PemBlock? block) =>
        TryFind(text, out block, out _) && block.IsAlone;

    /// <summary>Finds the block in a text that may have explanations before and after it (RFC 7468 §5.2); refuses a second
    /// block.</summary>
    public static bool TryFind(string text, [NotNullWhen(true)] out PemBlock? block, out PemFault fault)
    {
        block = null;
        ReadOnlySpan<char> bare = Bare(text);
        int begin = bare.IndexOf(Begin, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = begin < 0 ? "" : bare[(begin + Begin.Length)..];
        int labelLength = rest.IndexOf(Dashes, StringComparison.Ordinal);
        if (labelLength <= 0 || rest[..labelLength].ContainsAny("\r\n"))
        {
            fault = bare.IsEmpty ? PemFault.Empty : PemFault.NoBlock;
            return false;
        }

        string label = rest[..labelLength].ToString();
        if (!TryReadBody(label, rest[(labelLength + Dashes.Length)..], out block, out fault))
        {
            return false;
        }

        block = block with { IsAlone = block.IsAlone && begin == 0 };
        return true;
    }

    private static ReadOnlySpan<char> Bare(string text) => text.AsSpan().TrimStart('\uFEFF').Trim(WhiteSpace);

    private static bool TryReadBody(
        string label, ReadOnlySpan<char> rest, [NotNullWhen(true)] out PemBlock? block, out PemFault fault)
    {
        block = null;
        string endLine = $"{End}{label}{Dashes}";
        int bodyLength = rest.IndexOf(endLine, StringComparison.Ordinal);
        if (bodyLength < 0)
        {
            fault = PemFault.Unfinished;
            return false;
        }

        ReadOnlySpan<char> body = rest[..bodyLength];
        ReadOnlySpan<char> after = rest[(bodyLength + endLine.Length)..];
        byte[] der = new byte[OctetsOf(body)];
        fault = body.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.Unfinished
            : after.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.SecondBlock
            : !Convert.TryFromBase64Chars(body, der, out int length) || length == 0 || length != der.Length ? PemFault.BadBase64
            : PemFault.None;
        block = fault == PemFault.None ? new PemBlock(label, der, after.IsEmpty) : null;
        return block is not null;
    }

    // Each character of base64 holds six bits; fill characters and line breaks hold none.
    private static int OctetsOf(ReadOnlySpan<char> base64)
    {
        long characters = 0;
        foreach (char c in base64)
        {
            characters += c == '=' || char.IsWhiteSpace(c) ? 0 : 1;
        }

        return (int)(characters * 6 / 8);
    }
}

/// <summary>Says why a text does not hold exactly one PEM block.</summary>
internal enum PemFault
{
    /// <summary>The text holds one block.</summary>
    None,

    /// <summary>The text has nothing but white space.</summary>
    Empty,

    /// <summary>The text has no BEGIN line.</summary>
    NoBlock,

    /// <summary>The text has another block behind the first.</summary>
    SecondBlock,

    /// <summary>The text has no END line with the same label.</summary>
    Unfinished,

    /// <summary>The text between the lines is not base64.</summary>
    BadBase64,
}
