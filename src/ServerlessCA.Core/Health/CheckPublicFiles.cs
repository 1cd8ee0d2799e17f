using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Health;

/// <summary>Downloads the CRLs and CA certificates that certificates point to, as a program does that checks a certificate, and
/// compares them with what the CA has published. A file that is in its place may still be out of reach for others.</summary>
/// <param name="ca">The deployment.</param>
/// <param name="download">Null: nothing is downloaded, and the finding says what was not checked.</param>
public sealed class CheckPublicFiles(Deployment ca, IPublicDownload? download)
{
    /// <summary>Returns a finding for each address, good ones too; none where certificates name no address.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(CancellationToken cancellation)
    {
        List<PublicAddress> addresses = await AddressesAsync(cancellation);
        return download is { } port ? await Task.WhenAll(addresses.Select(address => new PublicFileHealth(ca, address).LookAsync(port, cancellation)))
            : addresses.Count == 0 ? []
            : [NotLookedAt(addresses)];
    }

    /// <summary>Downloads the CRL of one CA from each of its addresses.</summary>
    /// <param name="caName">The name of the CA.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Each finding, and the CRL that came; null: none of this CA did.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The published files cannot be read.</exception>
    internal async Task<IReadOnlyList<(HealthFinding Finding, CertificateRevocationList? Crl)>> LookAtCrlAsync(string caName, CancellationToken cancellation)
    {
        IEnumerable<PublicAddress> addresses = (await AddressesAsync(cancellation)).Where(address => address.IsCrl && address.Authority.Name == caName);
        return await Task.WhenAll(addresses.Select(async address =>
        {
            var health = new PublicFileHealth(ca, address);
            HealthFinding finding = await health.LookAsync(download!, cancellation);
            return (finding, health.Crl);
        }));
    }

    private static HealthFinding NotLookedAt(List<PublicAddress> addresses) => new(
        HealthLevel.Warning, "public files", $"{string.Join(", ", addresses.Select(address => address.Text))} were not fetched, as was asked: "
            + "whether programs that check certificates get them is not known; look from a machine that may go there");

    // The issuing CA's certificate names the root's addresses, every certificate that it issues now names the issuing CA's.
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

/// <summary>Is an address that certificates name. Immutable.</summary>
/// <param name="Text">The address, as the certificate has it.</param>
/// <param name="Authority">The CA whose file it is.</param>
/// <param name="IsCrl">True for the CA's CRL, false for its certificate.</param>
internal sealed record PublicAddress(string Text, CertificateAuthority Authority, bool IsCrl);

/// <summary>Checks one public address: it answers by HTTP with the CA's file, and the file is fresh.</summary>
internal sealed class PublicFileHealth(Deployment ca, PublicAddress address)
{
    private const int Found = 200; // RFC 9110 §15.3.1
    private const int MaxCertificateOctets = 1 << 20; // our decision: ours have a few thousand
    private const int MaxShown = 100; // characters of what a server wrote
    private const string OriginalsEnding = ".crt"; // the original's certificates name the PEM file (contract 12.6)

    /// <summary>Gets the CRL that came; null: none of this CA did.</summary>
    public CertificateRevocationList? Crl { get; private set; }

    private string What => address.IsCrl ? "the CRL" : "the CA's certificate";

    /// <summary>Downloads the file, and returns what was found.</summary>
    public async Task<HealthFinding> LookAsync(IPublicDownload download, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address.Text, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return Warning("stands in the CA's certificate and was not looked at: only addresses of HTTP are");
        }

        int maxOctets = address.IsCrl ? CertificateRevocationList.MaxOctets : MaxCertificateOctets;
        return await download.DownloadAsync(uri, maxOctets, cancellation) switch
        {
            DownloadOutcome.Response { Status: Found } answer => address.IsCrl ? await OfCrlAsync(answer, cancellation) : OfCertificate(answer),
            DownloadOutcome.Response { Status: >= 300 and < 400 } answer => Warning(
                $"is answered with a redirect ({Number(answer.Status)}) to '{Excerpt.OfAtMost(answer.Location ?? "", MaxShown)}', which was not followed, and "
                + "what is there not looked at: many programs that check certificates follow none; answer with the file itself by plain HTTP"),
            DownloadOutcome.Response answer => Critical(
                $"is answered with status {Number(answer.Status)} instead of {What}: {Consequence}; "
                + "let everybody read it by plain HTTP, in the distribution and in the bucket's policy"),
            DownloadOutcome.Failure failure => Critical(
                $"cannot be fetched: {Excerpt.OfAtMost(failure.Why, 2 * MaxShown)}; {Consequence}; see that the domain leads to the published files and answers by plain HTTP"),
            _ => throw new InvalidOperationException("no such outcome"),
        };
    }

    private string Consequence => address.IsCrl
        ? "programs that check certificates may refuse all of them"
        : "programs that look for it find no way to the root";

    // The store is read after the download: a CRL that was published between the two does not count as late.
    private async Task<HealthFinding> OfCrlAsync(DownloadOutcome.Response answer, CancellationToken cancellation)
    {
        var files = new CrlFiles(ca, address.Authority);
        CertificateRevocationList? stored = (await files.ReadAsync(cancellation)).Published;
        DateTimeOffset now = ca.Clock.GetUtcNow();
        if (files.ReadDer(answer.Content) is not { } crl)
        {
            return Critical($"is answered with {Number(answer.Content.Length)} bytes that are not a CRL of this CA: {Consequence}; find out what answers there");
        }

        Crl = crl;
        string until = TableTime.Text(crl.NextUpdate);
        bool isOlder = stored?.Number > crl.Number;
        string stock = isOlder ? $", while number {Number(stored!.Number!.Value)} is published" : "";
        CrlAge age = CrlRenewal.AgeOf(crl, now);
        return age == CrlAge.Over ? Critical(
                $"has number {Number(crl.Number!.Value)}, out of date since {until}{stock}: {Consequence}; "
                + (isOlder ? "find out what keeps the old one, such as a cache" : "run the pipeline"))
            : age == CrlAge.Ahead ? Critical($"is dated {TableTime.Text(crl.ThisUpdate)}, ahead of the clock: set the clock right")
            : isOlder && IsPublishedFor(PublishedAge.MaxOfCrl, stored!, now) ? Warning(
                $"has number {Number(crl.Number!.Value)}{stock}: revocations are seen late; find out what keeps the old one, such as a cache that does so for more than "
                + $"{Number((int)PublishedAge.MaxOfCrl.TotalSeconds)} seconds")
            : OfType(answer, MediaTypes.Crl, $"number {Number(crl.Number!.Value)}, good until {until}{(isOlder ? $"; number {Number(stored!.Number!.Value)} was published just now" : "")}");
    }

    private HealthFinding OfCertificate(DownloadOutcome.Response answer)
    {
        ReadOnlyMemory<byte> expected = address.Authority.Certificate.Der;
        return answer.Content.Span.SequenceEqual(expected.Span) ? OfType(answer, MediaTypes.Certificate, What)
            : address.Text.EndsWith(OriginalsEnding, StringComparison.Ordinal) && IsPemOf(expected, answer.Content)
                ? Good("can be fetched: the CA's certificate, in PEM as the original publishes it")
            : Critical($"is answered with {Number(answer.Content.Length)} bytes that are not the CA's certificate: {Consequence}; find out what answers there");
    }

    // A server without a table of types sends none, or that of any file.
    private HealthFinding OfType(DownloadOutcome.Response answer, string expected, string state) =>
        answer.MediaType is not { } type || type == expected || type.EndsWith("/octet-stream", StringComparison.Ordinal)
            ? Good($"can be fetched: {state}")
            : Warning($"can be fetched, but comes as '{Excerpt.OfAtMost(type, MaxShown)}': have it served as {expected} (RFC 2585), some programs refuse it else");

    // A CRL is dated at most five minutes before it is published (contract 12.28).
    private static bool IsPublishedFor(TimeSpan time, CertificateRevocationList crl, DateTimeOffset now) =>
        now - crl.ThisUpdate > Backdating.Time + time;

    private static bool IsPemOf(ReadOnlyMemory<byte> der, ReadOnlyMemory<byte> content) =>
        TextFile.TryRead(content.Span, out string? pem, out _) && Pem.TryDecodeOne(pem, Pem.CertificateLabel, out byte[]? found)
        && found.AsSpan().SequenceEqual(der.Span);

    private HealthFinding Good(string message) => new(HealthLevel.Good, address.Text, message);

    private HealthFinding Warning(string message) => new(HealthLevel.Warning, address.Text, message);

    private HealthFinding Critical(string message) => new(HealthLevel.Critical, address.Text, message);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
