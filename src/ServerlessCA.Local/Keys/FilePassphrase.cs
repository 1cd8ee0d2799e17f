using System.Security.Cryptography;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Keys;

/// <summary>A passphrase in a file of one line, such as a container's secret.</summary>
/// <param name="path">The file.</param>
public sealed class FilePassphrase(string path) : IPassphraseSource
{
    private const int MaxBytes = 4096; // our decision: more is not a passphrase but the wrong file

    /// <inheritdoc/>
    public string Name => $"file '{path}'";

    /// <inheritdoc/>
    public byte[] Read()
    {
        byte[] content = ReadContent();
        try
        {
            if (!TextFile.TryReadUtf8(content, out ReadOnlyMemory<byte> utf8, out TextFault? why))
            {
                throw new CaKeyUnavailableException($"Passphrase file '{path}': {why}.");
            }

            ReadOnlySpan<byte> line = utf8.Span.TrimEnd("\r\n"u8);
            bool oneLine = line.Length > 0 && line.IndexOfAny("\r\n\0"u8) < 0;
            return oneLine
                ? line.ToArray()
                : throw new CaKeyUnavailableException(
                    $"Passphrase file '{path}' is empty or has more than one line. Write the passphrase into it, on one line.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private byte[] ReadContent()
    {
        try
        {
            return RegularFile.ReadAllBytes(path, MaxBytes)
                ?? throw new CaKeyUnavailableException(
                    $"Passphrase file '{path}' has more than {MaxBytes} bytes. Check key_passphrase_file in settings.json.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CaKeyUnavailableException(
                $"Passphrase file '{path}' cannot be read: {error.Message.TrimEnd('.')}. Check key_passphrase_file in settings.json.", error);
        }
    }
}
