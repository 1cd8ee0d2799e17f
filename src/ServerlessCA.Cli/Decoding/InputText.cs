using System.Text;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Decoding;

/// <summary>The text of bytes as files and pipes of Linux, macOS and Windows bring them: as every text file is read, and
/// UTF-16 without a byte order mark, since nothing that is shown comes from what a guess could spoil.</summary>
internal static class InputText
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>The text without its mark; null when it is none.</summary>
    public static string? Of(ReadOnlySpan<byte> octets)
    {
        try
        {
            return octets switch
            {
                [not 0, 0, not 0, 0, ..] => LittleEndian.GetString(octets),
                [0, not 0, 0, not 0, ..] => BigEndian.GetString(octets),
                _ => TextFile.TryRead(octets, out string? text, out _) ? text : null,
            };
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
