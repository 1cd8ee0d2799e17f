using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Local.Keys;

/// <summary>A passphrase in an environment variable.</summary>
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
