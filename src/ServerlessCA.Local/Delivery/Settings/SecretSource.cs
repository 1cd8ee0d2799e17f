using System.Diagnostics.CodeAnalysis;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>Says where a secret is stored: in an environment variable or a file of one line, never in the settings. It
/// is read at every use, so that it can be changed while the CA runs. Immutable.</summary>
/// <param name="Variable">The variable's name; null if it is a file.</param>
/// <param name="File">The file's path; null if it is a variable.</param>
public sealed record SecretSource(string? Variable, string? File)
{
    private const int MaxBytes = 4096; // our decision: more is not a secret but the wrong file

    /// <summary>Reads the secret.</summary>
    /// <param name="secret">One line, not empty.</param>
    /// <param name="why">Names the source and its problem, and never a part of the content.</param>
    public bool TryRead([NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out string? why)
    {
        secret = null;
        try
        {
            string? text = Variable is not null ? Environment.GetEnvironmentVariable(Variable) : ReadFile();
            string line = text?.TrimEnd('\r', '\n') ?? "";
            why = line.Length == 0 ? $"{this} holds no secret"
                : !DecodedText.IsWhole(line) ? $"{this} is not UTF-8"
                : line.Any(char.IsControl) ? $"{this} has more than one line or control characters"
                : null;
            secret = why is null ? line : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            why = $"{this} cannot be read: {error.Message}";
        }

        return why is null;
    }

    /// <summary>Returns the place of the secret, not the secret.</summary>
    public override string ToString() => Variable is not null ? $"environment variable {Variable}" : $"file '{File}'";

    private string ReadFile()
    {
        byte[] content = RegularFile.ReadAllBytes(File!, MaxBytes) ?? throw new IOException($"it has more than {MaxBytes} bytes");
        return TextFile.TryRead(content, out string? text, out TextFault? why) ? text : throw new IOException(why.ToString());
    }
}
