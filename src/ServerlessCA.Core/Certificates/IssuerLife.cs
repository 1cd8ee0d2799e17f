namespace ServerlessCA.Core.Certificates;

/// <summary>That a CA issues only while its certificate is valid (contract 12.10, 12.28). Use cases refuse before; this is the
/// last line.</summary>
internal static class IssuerLife
{
    /// <exception cref="ArgumentException">The issuer's certificate is over at this time, or has not begun.</exception>
    public static void ThrowUnlessValid(Certificate issuer, DateTimeOffset now)
    {
        if (issuer.NotAfter < now || now < issuer.NotBefore)
        {
            throw new ArgumentException($"the issuer's certificate is valid from {issuer.NotBefore:u} to {issuer.NotAfter:u}", nameof(issuer));
        }
    }
}
