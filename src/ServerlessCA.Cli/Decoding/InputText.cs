using System.Text;

namespace ServerlessCA.Cli.Decoding;

/// <summary>The text of bytes as files and pipes of Linux, macOS and Windows bring them: UTF-8 or UTF-16, the latter
/// being what redirection in Windows PowerShell writes, with a byte order mark or without.</summary>
internal static class InputText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without its mark; null when it is none.</summary>
    public static string? Of(ReadOnlySpan<byte> octets)
    {
        try
        {
            return octets switch
            {
                [0xEF, 0xBB, 0xBF, ..] => Strict.GetString(octets[3..]),
                [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(octets[2..]),
                [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(octets[2..]),
                [not 0, 0, not 0, 0, ..] => Encoding.Unicode.GetString(octets),
                [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode.GetString(octets),
                _ => Strict.GetString(octets),
            };
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
