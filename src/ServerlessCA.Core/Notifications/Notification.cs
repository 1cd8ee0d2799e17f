namespace ServerlessCA.Core.Notifications;

/// <summary>Is one event that is reported to people or programs (contract section 8). Immutable.</summary>
/// <param name="Id">The same event has the same id however often it is delivered: receivers drop repeats by it.</param>
/// <param name="Subject">One of <see cref="NotificationSubjects"/>, such as <c>Certificate Issued</c>.</param>
/// <param name="Json">The payload: a JSON object, exactly as the contract has it.</param>
public sealed record Notification(string Id, string Subject, string Json);

/// <summary>Lists the subjects of the messages; they are contract (contract section 8).</summary>
public static class NotificationSubjects
{
    /// <summary>Says that a certificate was issued, where its owner wants to know.</summary>
    public const string Issued = "Certificate Issued";

    /// <summary>Says that a request was refused.</summary>
    public const string Rejected = "Certificate Request Rejected";

    /// <summary>Says that a certificate was newly revoked.</summary>
    public const string Revoked = "Certificate Revoked";

    /// <summary>Says that an entry of a revocation list could not be carried out (contract 12.22).</summary>
    public const string RevocationFailed = "Revocation Failed";

    /// <summary>Says that a certificate expires soon.</summary>
    public const string ExpiryWarning = "Certificate Expiry Warning";

    /// <summary>Says that a certificate has expired.</summary>
    public const string Expired = "Certificate Expired";
}
