namespace ServerlessCA.Core.Expiry;

/// <summary>What an expiry run did. Immutable.</summary>
/// <param name="Warnings">Reminders that went out.</param>
/// <param name="Expired">Certificates told to have expired.</param>
/// <param name="Problems">Entries of <c>tls.json</c> that could not be looked at; the others were.</param>
public sealed record ExpiryOutcome(int Warnings, int Expired, IReadOnlyList<string> Problems);
