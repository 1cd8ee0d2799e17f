using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Renewals;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Renewing;

/// <summary>Finds out whether a certificate is to be renewed. The CA is asked whether it issued it and whether it is revoked, if
/// there is one to ask: one that cannot be reached leaves the certificate's life to decide, with a warning.</summary>
internal sealed class RenewalCheck(Surroundings here, GlobalOptions globals, AccessOptions access)
{
    private readonly Option<string?> within = new("--within")
    {
        HelpName = "DURATION",
        Description = "Renew so long before the end, such as 30d (default: at two thirds of the certificate's life, as the agent does)",
    };

    /// <summary>The option, for the help.</summary>
    public Option Within => within;

    /// <summary>Decides.</summary>
    /// <exception cref="CommandFault">An option is not valid, or there is no CA where <c>--ca</c> says.</exception>
    public async Task<CheckedRenewal> RunAsync(ParseResult parsed, Certificate certificate, CancellationToken cancellation)
    {
        TimeSpan? before = Duration.Of(parsed, within);
        KnownCertificate? known = await KnownAsync(parsed, certificate, cancellation);
        RenewalDecision decision = RenewalDecision.Of(certificate, here.Clock.GetUtcNow(), before, known);
        if (decision.IsWithinIgnored)
        {
            here.Terminal.Warning($"--within {parsed.GetValue(within)} is no shorter than the certificate's life, and would renew at every call: it counts as not given");
        }

        return new CheckedRenewal(certificate, decision, known);
    }

    private async Task<KnownCertificate?> KnownAsync(ParseResult parsed, Certificate certificate, CancellationToken cancellation)
    {
        Location location = globals.LocationOf(parsed);
        if (location is Location.Local local)
        {
            return globals.IsCaGiven(parsed) || new DataFolder(local.Folder).Exists ? await OfFolderAsync(local.Folder, certificate, cancellation) : null;
        }

        try
        {
            return location is Location.Aws aws
                ? await OfTableAsync(aws, certificate, cancellation)
                : await OfSiteAsync(((Location.Served)location).Address, access.AccessOf(parsed), certificate, cancellation);
        }
        catch (AuthorityFault fault)
        {
            here.Terminal.Warning($"the CA could not be asked whether the certificate is revoked: {fault.Message}");
            return null;
        }
    }

    private async Task<KnownCertificate> OfFolderAsync(string folder, Certificate certificate, CancellationToken cancellation)
    {
        using LocalAuthority ca = await LocalAuthority.OpenAsync(folder, here.Clock, cancellation);
        return await InAsync(ca.Ledger, certificate, cancellation);
    }

    private async Task<KnownCertificate?> OfTableAsync(Location.Aws aws, Certificate certificate, CancellationToken cancellation)
    {
        KnownCertificate? known = null;
        await CloudCa.ReadAsync(
            aws,
            here,
            withIndex: false,
            async ca =>
            {
                known = await InAsync(ca.Ledger, certificate, cancellation);
                return ExitCode.Done;
            },
            cancellation);
        return known;
    }

    private static async Task<KnownCertificate> InAsync(ICertificateLedger ledger, Certificate certificate, CancellationToken cancellation) =>
        KnownCertificate.In(await ledger.FindBySerialAsync(certificate.SerialNumber, cancellation), certificate);

    // Behind HTTP there is no ledger to read, but certificates and CRLs are published there.
    private async Task<KnownCertificate> OfSiteAsync(Uri address, ServedAccess access, Certificate certificate, CancellationToken cancellation)
    {
        using var site = new PublishedSite(address, access.Tls());
        foreach (Certificate ca in await site.CertificatesAsync(cancellation))
        {
            if (KnownCertificate.By(certificate, ca, crl: null).IsOfThisCa)
            {
                return KnownCertificate.By(certificate, ca, await CrlAsync(site, ca.PublicKey!, address, cancellation));
            }
        }

        return KnownCertificate.Foreign;
    }

    private async Task<CertificateRevocationList> CrlAsync(PublishedSite site, PublicKey issuer, Uri address, CancellationToken cancellation)
    {
        var reader = new CrlReader(issuer);
        await foreach (byte[] content in site.ReadAllAsync(Core.Settings.CaNames.CrlFile(""), cancellation))
        {
            if (reader.ReadDer(content) is not { } crl)
            {
                continue;
            }

            if (here.Clock.GetUtcNow() > crl.NextUpdate)
            {
                here.Terminal.Warning($"the CRL at '{address}' was to be replaced by {TableTime.Text(crl.NextUpdate)} UTC: a revocation after {TableTime.Text(crl.ThisUpdate)} UTC is not in it");
            }

            return crl;
        }

        throw new AuthorityFault(AuthorityFaultKind.NotFound, $"'{address}' publishes no CRL of the CA that issued it", "look at the CA: serverless-ca health");
    }
}
