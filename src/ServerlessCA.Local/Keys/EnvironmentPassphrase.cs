using System.Text;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Keys;

/// <summary>A passphrase in an environment variable.</summary>
/// <param name="variable">The variable's name, such as <c>CA_PASSPHRASE</c>.</param>
public sealed class EnvironmentPassphrase(string variable) : IPassphraseSource
{
    /// <inheritdoc/>
    public string Name => $"variable {variable}";

    /// <inheritdoc/>
    public byte[] Read() => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } passphrase
        ? Encoding.UTF8.GetBytes(passphrase)
        : throw new CaKeyUnavailableException(
            $"Environment variable {variable} holds no passphrase for the CA keys. Set it (settings.json names it in key_passphrase_env).");
}
