using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Certificates;

/// <summary>The one PEM block (RFC 7468) of a text. A byte order mark, white space around it and any line breaks in it are
/// fine. Immutable.</summary>
/// <param name="Label">Such as <c>CERTIFICATE</c>.</param>
/// <param name="Der">The decoded bytes.</param>
/// <param name="IsAlone">Whether nothing but white space surrounds it.</param>
internal sealed record PemBlock(string Label, byte[] Der, bool IsAlone)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const string WhiteSpace = " \t\r\n\v\f";

    /// <summary>Reads a text that is the block and nothing else.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out PemBlock? block) =>
        TryFind(text, out block, out _) && block.IsAlone;

    /// <summary>Finds the block in a text that may explain it before and after (RFC 7468 §5.2); a second block is refused.</summary>
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
        byte[] der = new byte[body.Length];
        fault = body.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.Unfinished
            : after.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.SecondBlock
            : !Convert.TryFromBase64Chars(body, der, out int length) || length == 0 ? PemFault.BadBase64
            : Shorten(ref der, length);
        block = fault == PemFault.None ? new PemBlock(label, der, after.IsEmpty) : null;
        return block is not null;
    }

    private static PemFault Shorten(ref byte[] bytes, int length)
    {
        Array.Resize(ref bytes, length);
        return PemFault.None;
    }
}
