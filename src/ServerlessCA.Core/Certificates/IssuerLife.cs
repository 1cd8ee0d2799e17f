namespace ServerlessCA.Core.Certificates;

/// <summary>That an expired CA does not issue (SPEC 12.10). Use cases refuse before; this is the last line.</summary>
internal static class IssuerLife
{
    /// <exception cref="ArgumentException">The issuer's certificate is over at this time.</exception>
    public static void ThrowIfExpired(Certificate issuer, DateTimeOffset now)
    {
        if (issuer.NotAfter < now)
        {
            throw new ArgumentException($"the issuer's certificate expired at {issuer.NotAfter:u}", nameof(issuer));
        }
    }
}
