using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Certificates;

/// <summary>One PEM block (RFC 7468) that is all of a text. A byte order mark, white space around it and any line
/// breaks in it are fine. Immutable.</summary>
/// <param name="Label">Such as <c>CERTIFICATE</c>.</param>
/// <param name="Der">The decoded bytes.</param>
internal sealed record PemBlock(string Label, byte[] Der)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const string WhiteSpace = " \t\r\n\v\f";

    /// <summary>Reads it.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out PemBlock? block, out PemFault fault)
    {
        block = null;
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart('\uFEFF').Trim(WhiteSpace);
        fault = FaultBefore(rest);
        if (fault != PemFault.None)
        {
            return false;
        }

        rest = rest[Begin.Length..];
        int labelLength = rest.IndexOf(Dashes, StringComparison.Ordinal);
        if (labelLength <= 0 || rest[..labelLength].ContainsAny("\r\n"))
        {
            fault = PemFault.NoBlock;
            return false;
        }

        string label = rest[..labelLength].ToString();
        return TryReadBody(label, rest[(labelLength + Dashes.Length)..], out block, out fault);
    }

    private static PemFault FaultBefore(ReadOnlySpan<char> text) => text.IndexOf(Begin, StringComparison.Ordinal) switch
    {
        _ when text.IsEmpty => PemFault.Empty,
        0 => PemFault.None,
        > 0 => PemFault.TextBefore,
        _ => PemFault.NoBlock,
    };

    private static bool TryReadBody(string label, ReadOnlySpan<char> rest, out PemBlock? block, out PemFault fault)
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
        ReadOnlySpan<char> after = rest[(bodyLength + endLine.Length)..].Trim(WhiteSpace);
        byte[] der = new byte[body.Length];
        fault = body.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.Unfinished
            : after.IndexOf(Begin, StringComparison.Ordinal) >= 0 ? PemFault.SecondBlock
            : !after.IsEmpty ? PemFault.TextAfter
            : !Convert.TryFromBase64Chars(body, der, out int length) || length == 0 ? PemFault.BadBase64
            : Shorten(ref der, length);
        block = fault == PemFault.None ? new PemBlock(label, der) : null;
        return block is not null;
    }

    private static PemFault Shorten(ref byte[] bytes, int length)
    {
        Array.Resize(ref bytes, length);
        return PemFault.None;
    }
}
