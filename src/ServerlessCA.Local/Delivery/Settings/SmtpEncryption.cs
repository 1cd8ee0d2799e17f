namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>How a mail server's connection is protected.</summary>
public enum SmtpEncryption
{
    /// <summary>Begins plain, and must turn to TLS (RFC 3207); usual on port 587.</summary>
    StartTls,

    /// <summary>TLS from the start (RFC 8314); usual on port 465.</summary>
    Tls,

    /// <summary>Not at all; for a server of this machine or network.</summary>
    None,
}
