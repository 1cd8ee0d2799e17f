namespace ServerlessCA.Core.Notifications;

/// <summary>One event that people or programs are told of (contract section 8). Immutable.</summary>
/// <param name="Id">The same event has the same id however often it is delivered: receivers drop repeats by it.</param>
/// <param name="Subject">One of the subjects, such as <c>Certificate Issued</c>.</param>
/// <param name="Json">The payload: a JSON object, exactly as the contract has it.</param>
public sealed record Notification(string Id, string Subject, string Json);

/// <summary>The subjects of the messages (contract section 8): contract.</summary>
public static class NotificationSubjects
{
    /// <summary>A certificate was issued and is worth telling.</summary>
    public const string Issued = "Certificate Issued";

    /// <summary>A request was refused.</summary>
    public const string Rejected = "Certificate Request Rejected";

    /// <summary>A certificate was newly revoked.</summary>
    public const string Revoked = "Certificate Revoked";

    /// <summary>An entry of a revocation list could not be carried out (contract 12.22).</summary>
    public const string RevocationFailed = "Revocation Failed";

    /// <summary>A certificate expires soon.</summary>
    public const string ExpiryWarning = "Certificate Expiry Warning";

    /// <summary>A certificate has expired.</summary>
    public const string Expired = "Certificate Expired";
}
