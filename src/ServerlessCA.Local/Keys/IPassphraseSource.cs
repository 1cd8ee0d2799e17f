using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Keys;

/// <summary>Reads the passphrase of the key files. It is never an argument of a command: arguments show in lists of
/// processes and in shell histories.</summary>
public interface IPassphraseSource
{
    /// <summary>The source's name in messages, such as <c>variable CA_PASSPHRASE</c>.</summary>
    string Name { get; }

    /// <summary>Returns the passphrase in UTF-8, at least one byte, as a new array at every call. The caller zeroes
    /// it.</summary>
    /// <exception cref="Core.Ports.CaKeyUnavailableException">There is no passphrase.</exception>
    byte[] Read();
}

/// <summary>Reads the passphrase from an environment variable.</summary>
/// <param name="variable">The variable's name, such as <c>CA_PASSPHRASE</c>.</param>
public sealed class EnvironmentPassphrase(string variable) : IPassphraseSource
{
    /// <inheritdoc/>
    public string Name => $"variable {variable}";

    /// <inheritdoc/>
    public byte[] Read() => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => throw new CaKeyUnavailableException(
            $"Environment variable {variable} holds no passphrase for the CA keys. Set it (settings.json names it in key_passphrase_env)."),
        { } damaged when !DecodedText.IsWhole(damaged) => throw new CaKeyUnavailableException(
            $"Environment variable {variable}, the passphrase for the CA keys, is not UTF-8. Set it in a UTF-8 locale."),
        { } passphrase => Encoding.UTF8.GetBytes(passphrase),
    };
}

/// <summary>Reads the passphrase from a file of one line, such as a container's secret.</summary>
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
