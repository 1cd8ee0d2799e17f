using System.Text;

namespace ServerlessCA.Aws.S3;

/// <summary>Which keys name an object of a store.</summary>
internal static class S3Key
{
    private const int MaxOctets = 1024; // Amazon S3 user guide, "Naming Amazon S3 objects"

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the key means the same to S3, to URLs on the way there and to a folder: no part is empty,
    /// <c>.</c> or <c>..</c>, and nothing is unprintable.</summary>
    public static bool IsOne(string key) =>
        !key.Any(char.IsControl) && !key.Split('/').Any(part => part is "" or "." or "..") && Octets(key) <= MaxOctets;

    private static int Octets(string key)
    {
        try
        {
            return Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            return int.MaxValue; // half a surrogate pair is no text
        }
    }
}
