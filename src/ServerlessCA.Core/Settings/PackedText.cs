using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Text;

namespace ServerlessCA.Core.Settings;

/// <summary>Opens the value of an environment variable that Terraform packed by <c>base64gzip</c>: all variables of a function have
/// 4 KB together (AWS Lambda quotas), and policies of many callers are longer (decision 0016).</summary>
public static class PackedText
{
    /// <summary>The longest text that is unpacked, in bytes (our decision: far more than any that fits packed).</summary>
    public const int MaxBytes = 1 << 20;

    // Gzip's two magic bytes and its only method, 8 (RFC 1952 §2.3.1), in base64. JSON begins with none of these letters.
    private const string Beginning = "H4sI";

    /// <summary>Returns the text that a value is, or that is packed in it. A value that cannot be unpacked is returned as it is, for
    /// whoever reads it to refuse.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Open(string? value)
    {
        if (value is null || !value.StartsWith(Beginning, StringComparison.Ordinal))
        {
            return value;
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(value)), CompressionMode.Decompress);
            byte[] text = new byte[MaxBytes + 1];
            int length = packed.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length is 0 or > MaxBytes ? value : Encoding.UTF8.GetString(text, 0, length);
        }
        catch (Exception fault) when (fault is FormatException or InvalidDataException)
        {
            return value;
        }
    }
}
