using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Local.Keys;

/// <summary>A key file's text: one PEM block of PKCS#8, plain or encrypted (RFC 7468 §10, §11).</summary>
internal static class KeyPem
{
    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>ASCII text of a block, with the final newline; the caller zeroes it.</summary>
    public static byte[] Write(ReadOnlySpan<byte> der, bool encrypted)
    {
        char[] text = PemEncoding.Write(encrypted ? Encrypted : Plain, der);
        byte[] file = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, file);
        file[^1] = (byte)'\n';
        Array.Clear(text);
        return file;
    }

    /// <summary>DER of the file's block and whether it is encrypted; the caller zeroes the DER.</summary>
    /// <exception cref="FormatException">Not such a file; the message says what to do.</exception>
    public static (byte[] Der, bool IsEncrypted) Read(ReadOnlySpan<byte> file)
    {
        char[] text = new char[file.Length];
        try
        {
            Encoding.ASCII.GetChars(file, text);
            return Decode(text);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static (byte[] Der, bool IsEncrypted) Decode(char[] text)
    {
        if (!PemEncoding.TryFind(text, out PemFields fields))
        {
            throw new FormatException("is not PEM, or damaged. Restore it from a backup.");
        }

        string label = text.AsSpan()[fields.Label].ToString();
        if (label is not (Plain or Encrypted))
        {
            throw new FormatException($"holds a block '{label}'. Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc.");
        }

        byte[] der = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(text.AsSpan()[fields.Base64Data], der, out int written) && written == der.Length
            ? (der, label == Encrypted)
            : throw new FormatException("is damaged. Restore it from a backup.");
    }
}
