namespace ServerlessCA.Core.Requests;

/// <summary>A custom extension as it is asked for; the CA judges it (<see cref="ExtensionRules"/>). Immutable.</summary>
/// <param name="Oid">Dotted.</param>
/// <param name="ValueBase64">The DER of its value, base64 without white space.</param>
/// <param name="IsCritical">Whether who does not know it has to refuse the certificate.</param>
public sealed record RequestedExtension(string Oid, string ValueBase64, bool IsCritical = false)
{
    /// <summary>Why its JSON has no OID: the whole sentence; null when it has one.</summary>
    internal string? OidFault { get; init; }

    /// <summary>Why its JSON has no value: goes on after the extension's name; null when it has one.</summary>
    internal string? ValueFault { get; init; }

    /// <summary>The same of whether it is critical.</summary>
    internal string? CriticalFault { get; init; }
}
