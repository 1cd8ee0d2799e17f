using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Fetches what certificates point to, CRLs and CA certificates, as a program does that checks one, and compares it
/// with what the CA has published. That a file is in its place does not mean that anybody gets it.</summary>
/// <param name="ca">The deployment.</param>
/// <param name="download">Null: nothing is fetched, and the finding says what was not looked at.</param>
public sealed class CheckPublicFiles(Deployment ca, IPublicDownload? download)
{
    /// <summary>A finding for each address, good ones too; none where certificates name no address.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(CancellationToken cancellation)
    {
        List<PublicAddress> addresses = await AddressesAsync(cancellation);
        return download is { } port ? await Task.WhenAll(addresses.Select(address => new PublicFileHealth(ca, address).LookAsync(port, cancellation)))
            : addresses.Count == 0 ? []
            : [NotLookedAt(addresses)];
    }

    private static HealthFinding NotLookedAt(List<PublicAddress> addresses) => new(
        HealthLevel.Warning, "public files", $"{string.Join(", ", addresses.Select(address => address.Text))} were not fetched, as was asked: "
            + "whether programs that check certificates get them is not known; look from a machine that may go there");

    // The root's stand in the issuing CA's certificate, the issuing CA's in every certificate that it issues now.
    private async Task<List<PublicAddress>> AddressesAsync(CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        var found = new List<PublicAddress>();
        if (await CertificateAuthority.FindAsync(ca.Ledger, names.IssuingCa, cancellation) is not { } issuing)
        {
            return found;
        }

        if (await CertificateAuthority.FindAsync(ca.Ledger, names.RootCa, cancellation) is { } root)
        {
            var named = IssuerAddresses.Of(issuing.Certificate);
            found.AddRange(named.Crl.Select(text => new PublicAddress(text, root, IsCrl: true)));
            found.AddRange(named.Certificate.Select(text => new PublicAddress(text, root, IsCrl: false)));
        }

        if (ca.Settings.PublicDomain is { Length: > 0 } domain)
        {
            var point = new PublicationPoint(domain, names.IssuingCa);
            found.Add(new PublicAddress(point.CrlUri, issuing, IsCrl: true));
            found.Add(new PublicAddress(point.CertificateUri, issuing, IsCrl: false));
        }

        return found;
    }
}

/// <summary>An address that certificates name. Immutable.</summary>
/// <param name="Text">As it stands there.</param>
/// <param name="Authority">Whose file it is.</param>
/// <param name="IsCrl">Its CRL; else its certificate.</param>
internal sealed record PublicAddress(string Text, CertificateAuthority Authority, bool IsCrl);
