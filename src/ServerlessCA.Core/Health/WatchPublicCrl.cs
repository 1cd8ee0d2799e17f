using System.Globalization;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Looks at a CA's CRL where certificates say that it is, each time before the CA's function of CRLs publishes the next one: just
/// after that, a cache may rightly have the one before. A CRL in its place may still be out of reach for others, and only a look from
/// outside shows it. Alarms count what is found (<c>terraform/alarms-cas.tf</c>).</summary>
/// <param name="ca">The deployment.</param>
/// <param name="download">Downloads as a program does that checks a certificate.</param>
public sealed class WatchPublicCrl(Deployment ca, IPublicDownload download)
{
    private const string Fault = "PublicCrlFault";
    private const int Share = 4; // of the time that the function has, at most one in so many parts is spent here

    /// <summary>The longest timeout for a whole answer; our decision: programs that check certificates wait about as long.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Returns the age of each CRL that came (<c>PublicCrl</c>), and what is wrong (<c>PublicCrlFault</c>), also that ledger or
    /// files could not be read to know where to look; nothing where the CRL is not public or was never published, and for functions that
    /// publish none.</summary>
    /// <param name="function">The function that is about to run.</param>
    /// <param name="left">The time that the function has for everything: of a short one only a part is spent here, so that a server that
    /// does not answer is found out, and the CRL is published all the same.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<OperationFact>> RunAsync(CaFunction function, TimeSpan left, CancellationToken cancellation)
    {
        string? caName = function switch
        {
            CaFunction.RootCaCrl => ca.Settings.Names.RootCa,
            CaFunction.IssuingCaCrl => ca.Settings.Names.IssuingCa,
            _ => null,
        };
        TimeSpan limit = left / Share < TimeLimit ? left / Share : TimeLimit;
        if (caName is null || limit <= TimeSpan.Zero || ca.Settings.PublicDomain is not { Length: > 0 })
        {
            return [];
        }

        try
        {
            return await ca.PublishedFiles.ReadAsync(CaNames.CrlFile(caName), cancellation) is null
                ? []
                : [.. (await new CheckPublicFiles(ca, new LimitedDownload(download, limit, ca.Clock)).LookAtCrlAsync(caName, cancellation)).SelectMany(each => FactsOf(each.Finding, each.Crl))];
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or FilesUnavailableException)
        {
            return [OperationFact.Warning(Fault, $"nobody looked for the public CRL of {caName}: {fault.Message}")];
        }
    }

    // Whatever is no good finding says what somebody has to do: clients see it, too.
    private IEnumerable<OperationFact> FactsOf(HealthFinding finding, CertificateRevocationList? crl)
    {
        if (crl is not null)
        {
            long age = (long)(ca.Clock.GetUtcNow() - crl.ThisUpdate).TotalSeconds;
            yield return OperationFact.Of(
                "PublicCrl", string.Create(CultureInfo.InvariantCulture, $"{finding.Check} has CRL {crl.Number ?? 0}, {age} seconds old"),
                ("Url", finding.Check), ("Number", crl.Number ?? 0), ("AgeSeconds", age));
        }

        if (finding.Level != HealthLevel.Good)
        {
            yield return OperationFact.Warning(Fault, $"{finding.Check} {finding.Message}", ("Url", finding.Check));
        }
    }

    private sealed class LimitedDownload(IPublicDownload download, TimeSpan limit, TimeProvider clock) : IPublicDownload
    {
        public async Task<DownloadOutcome> DownloadAsync(Uri address, int maxOctets, CancellationToken cancellation)
        {
            using var timeout = new CancellationTokenSource(limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
            try
            {
                return await download.DownloadAsync(address, maxOctets, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new DownloadOutcome.Failure(string.Create(CultureInfo.InvariantCulture, $"no whole answer came within {limit.TotalSeconds:0.#} seconds"));
            }
        }
    }
}
