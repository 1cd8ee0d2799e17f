using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Issuance;

/// <summary>The published CRL of one CA: <c>.crl</c> in DER and <c>.crl.pem</c>. An older CRL never replaces a newer one.</summary>
internal sealed class CrlFiles(IPublishedFiles files, CertificateAuthority authority)
{
    private const int MaxTries = 10; // others publish at the same moment: once a day each, so more is a fault

    private string DerKey => KeyOf(authority.Name);

    private string PemKey => PemKeyOf(authority.Name);

    /// <summary>The name of a CA's CRL in DER.</summary>
    public static string KeyOf(string caName) => $"{caName}.crl";

    /// <summary>The name of a CA's CRL in PEM.</summary>
    public static string PemKeyOf(string caName) => $"{KeyOf(caName)}.pem";

    /// <summary>What is in place. A file that is no CRL of this CA's key counts as none: it will be replaced.</summary>
    public async Task<(PublishedCrl? Crl, string? Version)> ReadAsync(CancellationToken cancellation)
    {
        StoredFile? file = await files.ReadAsync(DerKey, cancellation);
        return (OfDer(file), file?.Version);
    }

    /// <summary>Puts a CRL in place in both forms.</summary>
    /// <param name="crl">Newer than what was read.</param>
    /// <param name="version">What <see cref="ReadAsync"/> found; when it was replaced since, it is read again.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when a newer one is there.</returns>
    public async Task<bool> PublishAsync(CertificateRevocationList crl, string? version, CancellationToken cancellation)
    {
        long number = crl.Number!.Value;
        var der = new PublishedFile(DerKey, MediaTypes.Crl, crl.Der);
        var pem = new PublishedFile(PemKey, MediaTypes.PemFile, crl.Pem());
        bool published = await files.PublishAsync(der, version, cancellation) || await ReplaceAsync(der, number, OfDer, cancellation);
        return await ReplaceAsync(pem, number, OfPem, cancellation) && published;
    }

    private async Task<bool> ReplaceAsync(
        PublishedFile file, long number, Func<StoredFile?, PublishedCrl?> read, CancellationToken cancellation)
    {
        for (int tries = 0; tries < MaxTries; tries++)
        {
            StoredFile? present = await files.ReadAsync(file.Key, cancellation);
            if (read(present)?.Number >= number)
            {
                return false;
            }

            if (await files.PublishAsync(file, present?.Version, cancellation))
            {
                return true;
            }
        }

        throw new FilesUnavailableException($"{file.Key} was replaced by others {MaxTries} times while it was published: run again");
    }

    private PublishedCrl? OfDer(StoredFile? file) =>
        file is not null && CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl)
        && crl.Number is { } number && crl.IsSignedBy(authority.Certificate.PublicKey!)
            ? new PublishedCrl(number, crl.ThisUpdate)
            : null;

    private PublishedCrl? OfPem(StoredFile? file) =>
        file is not null && Pem.TryDecodeOne(Encoding.ASCII.GetString(file.Content.Span), Pem.CrlLabel, out byte[]? der)
            ? OfDer(file with { Content = der })
            : null;
}

/// <summary>What is known of a CRL in place.</summary>
/// <param name="Number">Its number.</param>
/// <param name="ThisUpdate">UTC.</param>
internal sealed record PublishedCrl(long Number, DateTimeOffset ThisUpdate);
