using System.Text;
using ServerlessCA.Cli.Keys;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The files of one certificate: their names and what is in them. Immutable.</summary>
/// <param name="Stem">What their names begin with.</param>
/// <param name="Forms">Which are written.</param>
internal sealed record CertificateFileSet(string Stem, FileForms Forms)
{
    /// <summary>What the name of the CA bundle begins with.</summary>
    public const string BundleStem = "ca-bundle";

    /// <summary>The name of the CA bundle.</summary>
    public const string BundleName = $"{BundleStem}.pem";

    /// <summary>The name of the certificate's file.</summary>
    public string CertificateName => $"{Stem}.pem";

    /// <summary>The name of the key's file.</summary>
    public string KeyName => $"{Stem}-key.pem";

    /// <summary>The name of the file with everything.</summary>
    public string CombinedName => $"{Stem}-combined.pem";

    /// <summary>The name of the CSR's file.</summary>
    public string RequestName => $"{Stem}.csr";

    /// <summary>The names of all files that are of this certificate alone, the CSR's included.</summary>
    public IEnumerable<string> OwnNames => Names.Except([BundleName]).Append(RequestName);

    private string DerName => $"{Stem}.der";

    private string KeyDerName => $"{Stem}-key.der";

    private string StoreName => $"{Stem}.p12";

    /// <summary>The names of all files that may be written.</summary>
    public IReadOnlyList<string> Names =>
    [
        CertificateName, KeyName, CombinedName, BundleName,
        .. Forms.Der ? (string[])[DerName, KeyDerName] : [],
        .. Forms.Pkcs12 ? (string[])[StoreName] : [],
    ];

    /// <summary>The names of the files that an answer fills.</summary>
    /// <param name="withKey">Whether the key is here.</param>
    public IEnumerable<string> NamesOf(bool withKey) => withKey ? Names : Names.Except([KeyName, CombinedName, KeyDerName, StoreName]);

    /// <summary>The files of an answer that was checked.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="key">The key; null when it is elsewhere: then no file has one.</param>
    public IEnumerable<FileToWrite> Of(Answer answer, KeyMaterial? key)
    {
        byte[] chain = Encoding.ASCII.GetBytes(answer.Issuing.Pem + answer.Root.Pem);
        yield return new("Certificate", "Certificate", CertificateName, Encoding.ASCII.GetBytes(answer.CertificatePem), IsSecret: false);
        if (key is not null)
        {
            yield return OfKey(key);
            byte[] combined = [.. key.Pem, .. Encoding.ASCII.GetBytes(answer.Certificate.Pem), .. chain];
            yield return new("Combined", "All in one", CombinedName, combined, IsSecret: true);
        }

        yield return new("CaBundle", "CA bundle", BundleName, chain, IsSecret: false);
        if (Forms.Der)
        {
            yield return new("CertificateDer", "Certificate, DER", DerName, answer.Certificate.Der.ToArray(), IsSecret: false);
        }

        if (Forms.Der && key is not null)
        {
            yield return new("KeyDer", "Key, DER", KeyDerName, key.Der, IsSecret: true);
        }

        if (Forms.Pkcs12 && key is { Passphrase: { } passphrase })
        {
            byte[] store = Pkcs12File.Encode(key.Info, [answer.Certificate.Der, answer.Issuing.Der, answer.Root.Der], passphrase, Stem);
            yield return new("Pkcs12", "PKCS #12", StoreName, store, IsSecret: true);
        }
    }

    /// <summary>The CSR's file.</summary>
    public FileToWrite OfRequest(string csrPem) => new("Csr", "CSR", RequestName, Encoding.UTF8.GetBytes(csrPem), IsSecret: false);

    /// <summary>The key's file.</summary>
    public FileToWrite OfKey(KeyMaterial key) => new("Key", "Key", KeyName, key.Pem, IsSecret: true);
}
