using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Finds certificates that people ask for.</summary>
internal static class CertificateSearch
{
    /// <summary>Those of a name, the newest first; else the one of a serial number, whatever its name.</summary>
    /// <param name="ca">Where.</param>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<IReadOnlyList<CertificateRecord>> ByNameOrSerialAsync(
        IInventory ca, string text, CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> named = await NewestFirstAsync(ca, text, cancellation);
        if (named.Count > 0 || !SerialNumberText.TryRead(text, out SerialReading serial))
        {
            return named.Count > 0 ? named : throw NotFound($"there is no certificate of the name '{text}'");
        }

        return await BySerialAsync(ca, serial, cancellation);
    }

    /// <summary>Those of a serial number, whatever their names: one, unless rows came from elsewhere.</summary>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<IReadOnlyList<CertificateRecord>> BySerialAsync(
        IInventory ca, SerialReading serial, CancellationToken cancellation)
    {
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ca.Ledger.FindBySerialAsync(number, cancellation) is { Count: > 0 } found)
            {
                return found;
            }
        }

        throw NotFound($"there is no certificate of the serial number {serial.Number}");
    }

    /// <summary>The newest of a name, or the one of a serial number among them.</summary>
    /// <exception cref="CommandFault">There is none, or the serial number is none.</exception>
    public static async Task<CertificateRecord> OneAsync(
        IInventory ca, string name, string? serialText, CancellationToken cancellation)
    {
        if (serialText is null)
        {
            return await NewestFirstAsync(ca, name, cancellation) is [CertificateRecord newest, ..]
                ? newest
                : throw NotFound($"there is no certificate of the name '{name}'");
        }

        SerialReading serial = SerialOf(serialText);
        foreach (SerialNumber number in serial.InTurn)
        {
            if (await ca.Ledger.FindAsync(name, number, cancellation) is { } found)
            {
                return found;
            }
        }

        throw NotFound($"'{name}' has no certificate of the serial number {serial.Number}");
    }

    /// <summary>Reads <c>--serial</c>: decimal, or hexadecimal in any form.</summary>
    /// <exception cref="CommandFault">It is none.</exception>
    public static SerialReading SerialOf(string text) => SerialNumberText.TryRead(text, out SerialReading serial)
        ? serial
        : throw CommandFault.Usage($"--serial '{text}' is not a serial number", "write it as 'serverless-ca list' shows it");

    private static async Task<IReadOnlyList<CertificateRecord>> NewestFirstAsync(
        IInventory ca, string name, CancellationToken cancellation) =>
        [.. (await ca.Ledger.FindByNameAsync(name, cancellation))
            .OrderByDescending(row => row.Issued).ThenByDescending(row => row.Expires).ThenBy(row => row.SerialNumber)];

    private static CommandFault NotFound(string what) => CommandFault.Fault(what, "'serverless-ca list' shows all; case counts");
}
