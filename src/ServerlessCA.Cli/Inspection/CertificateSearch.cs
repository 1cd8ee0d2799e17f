using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Inspection;

/// <summary>Finds certificates by what people write.</summary>
internal static class CertificateSearch
{
    private const int ShortestSerial = 8; // characters; our decision: a shorter one with letters, which no certificate has, was meant as a name

    /// <summary>Finds the certificates of a name, the newest first; without any, those of a serial number, whatever their
    /// names.</summary>
    /// <param name="ca">The records that are searched.</param>
    /// <param name="text">A common name, or a serial number: decimal, or hexadecimal in any form.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<IReadOnlyList<CertificateRecord>> ByNameOrSerialAsync(
        ICaRecords ca, string text, CancellationToken cancellation) =>
        await ca.FindByNameOrSerialAsync(text, cancellation) is { Count: > 0 } found ? found
        : throw (SerialNumberText.TryRead(text, out SerialReading serial) && (text.Length >= ShortestSerial || text.All(char.IsAsciiDigit)) ? NoSerial(serial) : NoName(text));

    /// <summary>Finds the certificates of a serial number, whatever their names. It is one, unless rows of another CA were
    /// imported.</summary>
    /// <exception cref="CommandFault">There is none.</exception>
    public static async Task<IReadOnlyList<CertificateRecord>> BySerialAsync(
        ICaRecords ca, SerialReading serial, CancellationToken cancellation) =>
        await ca.FindBySerialAsync(serial, cancellation) is { Count: > 0 } found ? found : throw NoSerial(serial);

    /// <summary>Finds the newest certificate of a name, or the one of a serial number among them. Without
    /// <paramref name="serialText"/> a name that no certificate has may be a serial number itself.</summary>
    /// <exception cref="CommandFault">There is none, or the text is not a serial number.</exception>
    public static async Task<CertificateRecord> OneAsync(
        ICaRecords ca, string name, string? serialText, CancellationToken cancellation)
    {
        if (serialText is null)
        {
            return (await ByNameOrSerialAsync(ca, name, cancellation))[0];
        }

        SerialReading serial = SerialOf(serialText);
        return await ca.FindAsync(name, serial, cancellation)
            ?? throw NotFound($"'{name}' has no certificate of the serial number {serial.Number}");
    }

    /// <summary>Reads <c>--serial</c>: decimal, or hexadecimal in any form.</summary>
    /// <exception cref="CommandFault">The text is not a serial number.</exception>
    public static SerialReading SerialOf(string text) => SerialNumberText.TryRead(text, out SerialReading serial)
        ? serial
        : throw CommandFault.Usage($"--serial '{text}' is not a serial number", "write it as 'serverless-ca list' shows it");

    private static CommandFault NoName(string name) => NotFound($"there is no certificate of the name '{name}'");

    private static CommandFault NoSerial(SerialReading serial) => NotFound($"there is no certificate of the serial number {serial.Number}");

    private static CommandFault NotFound(string what) => CommandFault.Fault(what, "'serverless-ca list' shows all; case counts");
}
