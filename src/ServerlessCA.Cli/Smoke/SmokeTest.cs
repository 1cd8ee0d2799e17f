using System.Globalization;
using ServerlessCA.Aws.Http;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Smoke;

/// <summary>Uses a CA once as its clients do: it gets the chain and a certificate of one day, checks both, revokes the certificate,
/// and expects it on the CRL. A step that fails stops those that need it and no others, and what was issued is revoked
/// in any case, also after a stop.</summary>
/// <param name="ca">The CA.</param>
/// <param name="commonName">The name of the test certificate.</param>
/// <param name="keyType">The kind of its key.</param>
/// <param name="download">Downloads the CRL that the certificate names.</param>
/// <param name="wait">How long a published CRL may be stale in caches.</param>
/// <param name="clock">The time.</param>
internal sealed class SmokeTest(ISmokeCa ca, string commonName, string keyType, IPublicDownload download, TimeSpan wait, TimeProvider clock)
{
    private const int Lifetime = 1; // day: the shortest that the CA issues (contract section 5)
    private const int Found = 200; // RFC 9110 §15.3.1
    private static readonly TimeSpan RevokeTime = TimeSpan.FromMinutes(2); // our decision: below the time that the command has to stop
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5); // our decision: caches hold a CRL for a minute

    private readonly List<SmokeStep> steps = [];
    private string? issueFault; // a certificate that does not fit must be revoked all the same: the step 'verify' reports it

    /// <summary>Runs all steps. A stop fails those that are left, but for the revocation of what was issued.</summary>
    public async Task<SmokeReport> RunAsync(CancellationToken cancellation)
    {
        CaChain? chain = await StepAsync("chain", () => ChainAsync(cancellation), cancellation);
        Answer? answer = await StepAsync("issue", () => IssueAsync(cancellation), cancellation);
        bool isRevoked = answer is not null && await UseAsync(answer, chain, cancellation);
        foreach (string missing in (string[])["verify", "openssl", "crl", "revoke", "revoked"])
        {
            if (steps.All(step => step.Name != missing))
            {
                steps.Add(new SmokeStep(missing, SmokeResult.Skipped, answer is null ? "there is no certificate" : "it is not revoked"));
            }
        }

        return new SmokeReport(steps, commonName, answer?.Certificate, answer is null ? [] : Left(answer.Certificate, isRevoked));
    }

    private async Task<bool> UseAsync(Answer answer, CaChain? chain, CancellationToken cancellation)
    {
        CertificateRevocationList? before = null;
        bool isRevoked = false;
        try
        {
            await StepAsync("verify", () => Task.FromResult(Verify(answer, chain)), cancellation);
            await AddStepAsync("openssl", () => SmokeOpenSsl.VerifyAsync(answer, clock.GetUtcNow(), cancellation), cancellation);
            before = await StepAsync("crl", () => FirstCrlAsync(answer, cancellation), cancellation);
        }
        finally
        {
            // Also after a stop, and after a fault that no step expects.
            isRevoked = await StepAsync("revoke", () => RevokeAsync(answer), CancellationToken.None) is not null;
        }

        if (isRevoked)
        {
            await StepAsync("revoked", () => NextCrlAsync(answer, before, cancellation), cancellation);
        }

        return isRevoked;
    }

    private async Task<T?> StepAsync<T>(string name, Func<Task<(T Value, string Message)>> work, CancellationToken cancellation)
        where T : class
    {
        T? found = null;
        await AddStepAsync(
            name,
            async () =>
            {
                (found, string message) = await work();
                return new SmokeStep(name, SmokeResult.Passed, message);
            },
            cancellation);
        return found;
    }

    private async Task AddStepAsync(string name, Func<Task<SmokeStep>> work, CancellationToken cancellation)
    {
        try
        {
            steps.Add(await work());
        }
        catch (OperationCanceledException)
        {
            steps.Add(new SmokeStep(name, SmokeResult.Failed, cancellation.IsCancellationRequested ? "stopped" : "there was no answer in time"));
        }
        catch (Exception fault) when (fault is SmokeFault or CommandFault or AuthorityFault or AwsCallException or IOException or UnauthorizedAccessException || Faults.IsFault(fault))
        {
            steps.Add(new SmokeStep(name, SmokeResult.Failed, fault.Message));
        }
    }

    private async Task<(CaChain Value, string Message)> ChainAsync(CancellationToken cancellation)
    {
        AuthorityAnswer answer = await ca.Authority.RequestAsync(new CertificateRequest { CaChainOnly = true }, cancellation);
        CaChain chain = answer is AuthorityAnswer.Rejected refused ? throw new SmokeFault($"refused: {refused.Message}") : CaChain.Read(Answer.ChainOf(answer.Json));
        return chain.WhyNot(clock.GetUtcNow()) is { } why ? throw new SmokeFault(why) : (chain, $"the issuing CA is good until {TableTime.Text(chain.Issuing.NotAfter)}, the root until {TableTime.Text(chain.Root.NotAfter)}");
    }

    private async Task<(Answer Value, string Message)> IssueAsync(CancellationToken cancellation)
    {
        var wanted = new CertificateRequest { CommonName = commonName, Lifetime = Lifetime, NotifyIssued = false, NotifyExpiry = false };
        using SubjectKey key = SubjectKeyType.Of(keyType).Generate();
        wanted = wanted with { Csr = new CsrSource.PemText(key.Request(SubjectOptions.SubjectOf(wanted), [])) };
        cancellation.ThrowIfCancellationRequested();

        // From here on a stop waits for the answer: what nobody knows of, nobody revokes.
        AuthorityAnswer given = await ca.Authority.RequestAsync(wanted, CancellationToken.None);
        if (given is AuthorityAnswer.Rejected refused)
        {
            throw new SmokeFault(WhyRefused(refused));
        }

        var answer = Answer.Read(given.Json);
        issueFault = WhyNotAsRequested(answer, wanted);
        return (answer, string.Create(CultureInfo.InvariantCulture, $"serial number {answer.Certificate.SerialNumber}, until {TableTime.Text(answer.Certificate.NotAfter)}"));
    }

    private static string WhyRefused(AuthorityAnswer.Rejected refused) => refused.Code == RejectionCode.PolicyRefused
        ? $"refused by the policy of this caller, not by a fault: {refused.Message}. Try the CA as a caller without a policy, or with a --common-name that it allows"
        : $"refused: {refused.Message}";

    private string? WhyNotAsRequested(Answer answer, CertificateRequest wanted)
    {
        try
        {
            AnswerCheck.Check(answer, RequestedContents.Of(wanted), clock.GetUtcNow());
            return null;
        }
        catch (CommandFault fault)
        {
            return fault.Message;
        }
    }

    private (Answer Value, string Message) Verify(Answer answer, CaChain? chain)
    {
        var own = new CaChain(answer.Issuing, answer.Root);
        string? why = issueFault ?? own.WhyNot(clock.GetUtcNow())
            ?? (chain is null || chain.IsSameAs(own) ? null : "the answer has other CA certificates than the chain");
        return why is null ? (answer, "key, names, lifetime and signatures are right up to the root") : throw new SmokeFault(why);
    }

    private async Task<(CertificateRevocationList Value, string Message)> FirstCrlAsync(Answer answer, CancellationToken cancellation)
    {
        (CertificateRevocationList crl, string place) = await CrlAsync(answer, cancellation);
        return Lists(crl, answer.Certificate)
            ? throw new SmokeFault($"CRL {crl.Number} at {place} lists the new certificate")
            : (crl, string.Create(CultureInfo.InvariantCulture, $"CRL {crl.Number} at {place}, good until {TableTime.Text(crl.NextUpdate)}"));
    }

    private async Task<(Answer Value, string Message)> RevokeAsync(Answer answer)
    {
        using var own = new CancellationTokenSource(RevokeTime, clock);
        await ca.RevokeAsync(commonName, answer.Certificate.SerialNumber, own.Token);
        return (answer, RevocationReasons.Name(RevocationReason.CessationOfOperation));
    }

    private async Task<(CertificateRevocationList Value, string Message)> NextCrlAsync(Answer answer, CertificateRevocationList? before, CancellationToken cancellation)
    {
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Pause)
        {
            (CertificateRevocationList crl, string place) = await CrlAsync(answer, cancellation);
            if (Lists(crl, answer.Certificate))
            {
                return crl.Number > (before?.Number ?? 0)
                    ? (crl, string.Create(CultureInfo.InvariantCulture, $"CRL {crl.Number} at {place} lists it"))
                    : throw new SmokeFault($"CRL {crl.Number} at {place} lists it, but has no higher number than before");
            }

            if (waited >= wait)
            {
                throw new SmokeFault(string.Create(
                    CultureInfo.InvariantCulture, $"CRL {crl.Number} at {place} does not list it after {wait.TotalSeconds:0} seconds: see whether the new CRL was published, and what caches it"));
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private async Task<(CertificateRevocationList Crl, string Place)> CrlAsync(Answer answer, CancellationToken cancellation)
    {
        var reader = new CrlReader(answer.Issuing.PublicKey!);
        IReadOnlyList<string> named = IssuerAddresses.Of(answer.Certificate).Crl;
        if (named.Count > 0)
        {
            CertificateRevocationList? last = null;
            foreach (string address in named)
            {
                last = Fresh(reader.ReadDer(await DownloadAsync(address, cancellation)), address);
            }

            return (last!, named[^1]);
        }

        await foreach (ReadOnlyMemory<byte> content in ca.CrlsAsync(cancellation))
        {
            if (reader.ReadDer(content) is { } crl)
            {
                return (Fresh(crl, ca.Place), ca.Place);
            }
        }

        throw new SmokeFault($"no CRL of the issuing CA is published in {ca.Place}");
    }

    private CertificateRevocationList Fresh(CertificateRevocationList? crl, string place) =>
        crl is null ? throw new SmokeFault($"what {place} has is no CRL of the issuing CA")
        : crl.NextUpdate <= clock.GetUtcNow() ? throw new SmokeFault($"CRL {crl.Number} at {place} was to be replaced by {TableTime.Text(crl.NextUpdate)}")
        : crl;

    private async Task<ReadOnlyMemory<byte>> DownloadAsync(string address, CancellationToken cancellation) =>
        !Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp
            ? throw new SmokeFault($"the certificate names the CRL '{address}', which is no address of plain HTTP")
            : await download.DownloadAsync(uri, CertificateRevocationList.MaxOctets, cancellation) switch
            {
                DownloadOutcome.Response { Status: Found } answer => answer.Content,
                DownloadOutcome.Response answer => throw new SmokeFault(string.Create(CultureInfo.InvariantCulture, $"{address} is answered with status {answer.Status} instead of the CRL")),
                DownloadOutcome.Failure failure => throw new SmokeFault($"{address} cannot be downloaded: {failure.Why}"),
                _ => throw new System.Diagnostics.UnreachableException(),
            };

    private static bool Lists(CertificateRevocationList crl, Certificate certificate) => crl.Entries().Any(entry => entry.SerialNumber == certificate.SerialNumber);

    private static string[] Left(Certificate certificate, bool isRevoked) =>
    [
        $"The row of serial number {certificate.SerialNumber} stays in the ledger{(isRevoked ? ", and its entry on the CRL until it has expired" : "")}.",
        .. isRevoked ? (string[])[] : [$"The certificate is not revoked and good until {TableTime.Text(certificate.NotAfter)}; its key is gone."],
    ];
}
