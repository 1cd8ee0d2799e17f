namespace ServerlessCA.Core.Notifications;

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
