using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Gathers what decides of a request, and decides. It changes nothing and tells nobody, so that issuing, the search for
/// settled entries and whoever only wants to know go by the very same rules, which are in <see cref="IssueRules"/>.</summary>
/// <param name="ca">Whose.</param>
/// <param name="known">What is known already.</param>
internal sealed class DecideIssue(Deployment ca, KnownFacts known)
{
    private static readonly Rejection SubjectReserved = new(RejectionCode.SubjectReserved, null, "Subject is reserved");

    private static readonly Rejection TokenMisused = new(
        RejectionCode.TokenMisused, RequestKeys.IdempotencyToken, "idempotency_token has already been used for another request");

    private readonly RequestReview review = new(ca.Settings, ca.InternalFiles);

    /// <summary>Decides.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">CSR or list cannot be read.</exception>
    public async Task<IssueDecision> RunAsync(CertificateRequest request, CancellationToken cancellation)
    {
        Task<AskedContents> reviewing = request.CaChainOnly ? Task.FromResult(review.Unread(request)) : review.RunAsync(request, cancellation);
        Task<(Hierarchy? Cas, Rejection? Why)> finding = known.CasAsync(cancellation);
        await Task.WhenAll(reviewing, finding);
        AskedContents asked = await reviewing;
        (Hierarchy? cas, Rejection? why) = await finding;
        return cas is null ? new IssueDecision.Refuse(asked, why!)
            : request.CaChainOnly ? new IssueDecision.Chain(asked, cas.Issuing, cas.Root)
            : asked.Fault is { } fault ? new IssueDecision.Refuse(asked, fault)
            : cas.HasSubject(asked.Subject!) ? new IssueDecision.Refuse(asked, SubjectReserved)
            : await DecideAsync(asked, cas, cancellation);
    }

    /// <summary>Decides of a request anew whose key, token or only turn another one took a moment ago.</summary>
    public async Task<IssueDecision> AfterRaceAsync(IssueDecision.Issue lost, CancellationToken cancellation)
    {
        KeyReuse now = await FindReuseAsync(lost.Asked, cancellation);
        bool isOld = lost.Asked.Request.CsrFile is not null && now.UsedForName;
        return await RecallAsync(lost.Asked, lost.Issuing, lost.Root, cancellation)
            ?? IssueDecision.Of(lost.Asked, isOld ? KeyDecision.AlreadyIssued with { Existing = now.Newest } : KeyDecision.KeyUsed);
    }

    // All that has to be known is asked for at once: on AWS each answer takes some milliseconds.
    private async Task<IssueDecision> DecideAsync(AskedContents asked, Hierarchy cas, CancellationToken cancellation)
    {
        Task<IssueDecision?> recalling = RecallAsync(asked, cas.Issuing, cas.Root, cancellation);
        Task<KeyReuse> findReuse = FindReuseAsync(asked, cancellation);

        // An entry that is met every night has its certificate: the list is asked only of one that has none.
        Task<GitOpsEntries?> reading = NeedsList(asked.Request) && asked.Request.CsrFile is null
            ? ReadListAsync(cancellation)
            : Task.FromResult<GitOpsEntries?>(null);
        Task gathering = Task.WhenAll(reading, findReuse);
        await Task.WhenAny(gathering); // whatever comes of it: a repeated request needs none of it
        if (await recalling is { } recalled)
        {
            return recalled;
        }

        await gathering;
        bool wasForced = IssueFacts.OnceIdOf(asked) is { } id && await ca.Ledger.HappenedAsync(id, cancellation);
        var facts = new IssueFacts(asked, cas, await findReuse, ca.Clock.GetUtcNow()) { WasForced = wasForced };
        IssueDecision decision = IssueRules.Decide(facts, ca.Settings);
        if (decision is not IssueDecision.Issue issue)
        {
            // The key may have been used a moment ago by this very request, sent twice at once.
            return await RecallAsync(asked, cas.Issuing, cas.Root, cancellation) ?? decision;
        }

        bool isListed = NeedsList(asked.Request)
            && (await reading ?? await known.EntriesAsync(cancellation)).Lists(asked.CommonName!, asked.Subject!, asked.Request.CsrFile);
        return issue with { NotifyExpiry = asked.Request.NotifyExpiry ?? isListed, NotifyIssued = asked.Request.NotifyIssued ?? isListed };
    }

    // That a certificate counts as GitOps (contract section 5) matters where the request leaves it open whom to tell.
    private static bool NeedsList(CertificateRequest request) => request.NotifyExpiry is null || request.NotifyIssued is null;

    private async Task<GitOpsEntries?> ReadListAsync(CancellationToken cancellation) => await known.EntriesAsync(cancellation);

    private Task<KeyReuse> FindReuseAsync(AskedContents asked, CancellationToken cancellation) =>
        KeyReuse.FindAsync(ca.Ledger, asked.CommonName!, asked.Csr!.PublicKey, cancellation);

    // The same token with the same request answers the same certificate (contract 12.13).
    private async Task<IssueDecision?> RecallAsync(
        AskedContents asked, CertificateAuthority issuing, CertificateAuthority root, CancellationToken cancellation)
    {
        if (asked.Request.IdempotencyToken is not { } token
            || await ca.Ledger.RecallAsync(token, ca.Clock.GetUtcNow(), cancellation) is not { } recalled)
        {
            return null;
        }

        if (recalled.Claim.RequestHash != asked.Hash)
        {
            return new IssueDecision.Refuse(asked, TokenMisused);
        }

        CertificateRecord record = await ca.Ledger.FindAsync(recalled.CommonName, recalled.SerialNumber, cancellation)
            ?? throw new LedgerUnavailableException(
                $"the certificate {recalled.SerialNumber} of '{recalled.CommonName}' was issued for this idempotency_token, but its row is gone");
        return new IssueDecision.Repeat(asked, record, issuing, root, IssueRules.WarningsOf(asked, record));
    }
}
