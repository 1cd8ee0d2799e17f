namespace ServerlessCA.Server.Tls;

/// <summary>Says where the server's certificate comes from, in a closed set of cases. Immutable.</summary>
public abstract record TlsSource
{
    private TlsSource()
    {
    }

    /// <summary>The certificate comes from PEM files, which are read again when they change.</summary>
    /// <param name="Certificate">The certificate, then those of its issuers.</param>
    /// <param name="Key">Its private key, without a passphrase.</param>
    public sealed record Files(string Certificate, string Key) : TlsSource;

    /// <summary>The CA issues the certificate itself, at every start and before it expires. Its key stays in
    /// memory.</summary>
    /// <param name="Names">The host names and IP addresses; the first is the common name.</param>
    public sealed record OwnCertificate(IReadOnlyList<string> Names) : TlsSource;
}
