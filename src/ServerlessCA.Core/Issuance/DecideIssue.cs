using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Gathers the facts about a request, and decides. It changes nothing and notifies nobody, so that issuing, the search
/// for settled entries and a mere preview follow the very same rules, which are in <see cref="IssueRules"/>.</summary>
/// <param name="ca">The deployment that is asked for a certificate.</param>
/// <param name="known">The facts that many requests share.</param>
internal sealed class DecideIssue(Deployment ca, KnownFacts known)
{
    private static readonly Rejection SubjectReserved = new(RejectionCode.SubjectReserved, null, "Subject is reserved");

    private static readonly Rejection TokenMisused = new(
        RejectionCode.TokenMisused, RequestKeys.IdempotencyToken, "idempotency_token has already been used for another request");

    private readonly RequestReview review = new(ca.Settings, ca.InternalFiles, known.Proofs);

    /// <summary>Decides.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The CSR or <c>tls.json</c> cannot be read.</exception>
    public async Task<IssueDecision> RunAsync(CertificateRequest request, CancellationToken cancellation)
    {
        Task<(Hierarchy? Cas, Rejection? Why)> finding = known.CasAsync(cancellation); // the CSR is verified while they are read
        Task<RequestedContents> reviewing = request.CaChainOnly ? Task.FromResult(review.Unread(request)) : review.RunAsync(request, cancellation);
        await Task.WhenAll(reviewing, finding);
        RequestedContents requested = await reviewing;
        (Hierarchy? cas, Rejection? why) = await finding;
        return cas is null ? new IssueDecision.Refuse(requested, why!)
            : request.CaChainOnly ? new IssueDecision.ChainOnly(requested, cas.Issuing, cas.Root)
            : requested.Fault is { } fault ? new IssueDecision.Refuse(requested, fault)
            : cas.HasSubject(requested.Subject!) ? new IssueDecision.Refuse(requested, SubjectReserved)
            : IssueRules.WhyNotByPolicy(requested, ca.Settings) is { } byPolicy ? new IssueDecision.Refuse(requested, byPolicy)
            : await DecideAsync(requested, cas, cancellation);
    }

    /// <summary>Decides anew about a request that lost a race: another one took its key, its token or its only turn a moment
    /// ago.</summary>
    public async Task<IssueDecision> AfterRaceAsync(IssueDecision.Issue lost, CancellationToken cancellation)
    {
        KeyReuse now = await FindReuseAsync(lost.Requested, cancellation);
        bool isOld = lost.Requested.Request.CsrFile is not null && now.UsedForName;
        return await RecallAsync(lost.Requested, lost.Issuing, lost.Root, cancellation)
            ?? IssueDecision.Of(lost.Requested, isOld ? KeyDecision.AlreadyIssued with { Existing = now.Newest } : KeyDecision.KeyUsed);
    }

    // All facts are read at once: on AWS each read takes some milliseconds.
    private async Task<IssueDecision> DecideAsync(RequestedContents requested, Hierarchy cas, CancellationToken cancellation)
    {
        Task<IssueDecision?> recalling = RecallAsync(requested, cas.Issuing, cas.Root, cancellation);
        Task<KeyReuse> findReuse = FindReuseAsync(requested, cancellation);

        // An entry of every night has its certificate: the list is read only for one that has none.
        Task<GitOpsEntries?> reading = NeedsList(requested.Request) && requested.Request.CsrFile is null
            ? ReadListAsync(cancellation)
            : Task.FromResult<GitOpsEntries?>(null);
        Task gathering = Task.WhenAll(reading, findReuse);
        await Task.WhenAny(gathering); // even if it fails: a repeated request needs none of it
        if (await recalling is { } recalled)
        {
            return recalled;
        }

        await gathering;
        bool wasForced = IssueFacts.OnceIdOf(requested) is { } id && await ca.Ledger.HappenedAsync(id, cancellation);
        var facts = new IssueFacts(requested, cas, await findReuse, ca.Clock.GetUtcNow()) { WasForced = wasForced };
        IssueDecision decision = IssueRules.Decide(facts, ca.Settings);
        if (decision is not IssueDecision.Issue issue)
        {
            // The key may have been used a moment ago by this very request, sent twice at once.
            return await RecallAsync(requested, cas.Issuing, cas.Root, cancellation) ?? decision;
        }

        bool isListed = NeedsList(requested.Request)
            && (await reading ?? await known.EntriesAsync(cancellation)).Lists(requested.CommonName!, requested.Subject!, requested.Request.CsrFile);
        return issue with { NotifyExpiry = requested.Request.NotifyExpiry ?? isListed, NotifyIssued = requested.Request.NotifyIssued ?? isListed };
    }

    // That a certificate counts as GitOps (contract section 5) matters where the request does not say who is notified.
    private static bool NeedsList(CertificateRequest request) => request.NotifyExpiry is null || request.NotifyIssued is null;

    private async Task<GitOpsEntries?> ReadListAsync(CancellationToken cancellation) => await known.EntriesAsync(cancellation);

    private Task<KeyReuse> FindReuseAsync(RequestedContents requested, CancellationToken cancellation) =>
        KeyReuse.FindAsync(ca.Ledger, requested.CommonName!, requested.Csr!.PublicKey, cancellation);

    // The same token with the same request gets the same certificate (contract 12.13).
    private async Task<IssueDecision?> RecallAsync(
        RequestedContents requested, CertificateAuthority issuing, CertificateAuthority root, CancellationToken cancellation)
    {
        if (requested.Request.IdempotencyToken is not { } token
            || await ca.Ledger.RecallAsync(token, ca.Clock.GetUtcNow(), cancellation) is not { } recalled)
        {
            return null;
        }

        if (recalled.Claim.RequestHash != requested.Hash)
        {
            return new IssueDecision.Refuse(requested, TokenMisused);
        }

        CertificateRecord record = await ca.Ledger.FindAsync(recalled.CommonName, recalled.SerialNumber, cancellation)
            ?? throw new LedgerUnavailableException(
                $"the certificate {recalled.SerialNumber} of '{recalled.CommonName}' was issued for this idempotency_token, but its row is gone");
        return IssueRules.WhyNotByPolicy(requested, record) is { } byPolicy
            ? new IssueDecision.Refuse(requested, byPolicy)
            : new IssueDecision.Repeat(requested, record, issuing, root, IssueRules.WarningsOf(requested, record));
    }
}

/// <summary>Holds what many requests have in common: the CAs, and <c>tls.json</c>. A run over the list reads each of them once;
/// requests that come one by one, perhaps days apart, check every time whether something has changed. Safe for concurrent
/// use.</summary>
/// <param name="ca">The deployment whose facts these are.</param>
/// <param name="ofRun">The list of a run; null: there is no run.</param>
internal sealed class KnownFacts(Deployment ca, GitOpsEntries? ofRun)
{
    private readonly GitOpsList list = new(ca.InternalFiles);
    private volatile Hierarchy? cas;
    private volatile Hierarchy? last; // whose certificates are parsed

    /// <summary>Gets what a run knows of the signatures of CSRs; null: nothing.</summary>
    public CsrProofs? Proofs { get; } = ofRun is not null && LedgerOffers.Find<IProvenRequests>(ca.Ledger) is { } proven ? new CsrProofs(proven) : null;

    /// <summary>Returns both CAs, or says which one is missing. A missing CA is looked up again: it may be created the next
    /// moment.</summary>
    /// <exception cref="LedgerUnavailableException">Their rows cannot be read.</exception>
    public async Task<(Hierarchy? Cas, Rejection? Why)> CasAsync(CancellationToken cancellation)
    {
        if (cas is { } known)
        {
            return (known, null);
        }

        (Hierarchy? Cas, Rejection? Why) found = await Hierarchy.FindAsync(ca.Ledger, ca.Settings.Names, last, cancellation);
        last = found.Cas ?? last;
        cas = ofRun is null ? null : found.Cas;
        return found;
    }

    /// <summary>Returns the entries of <c>tls.json</c>.</summary>
    /// <exception cref="FilesUnavailableException">It cannot be read.</exception>
    public Task<GitOpsEntries> EntriesAsync(CancellationToken cancellation) =>
        ofRun is null ? list.ReadAsync(cancellation) : Task.FromResult(ofRun);
}
