using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>What is decided of a request before anything is signed. It changes nothing and tells nobody, so that issuing and
/// the search for settled entries go by the very same rules.</summary>
internal sealed class IssueDecision(Deployment ca)
{
    private readonly RequestValidator validator = new(ca.Settings, ca.InternalFiles);

    /// <summary>What is asked for, and who would issue it.</summary>
    /// <exception cref="LedgerUnavailableException">The CAs' rows cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The CSR cannot be read.</exception>
    public async Task<IssueInquiry> InquireAsync(IssueRequest request, CancellationToken cancellation)
    {
        RequestFields fields = validator.Read(request);
        Task<RequestReview> reviewing = fields.CaChainOnly
            ? Task.FromResult(new RequestReview(request, fields))
            : validator.ReviewAsync(request, fields, cancellation);
        Task<(Hierarchy? Cas, Rejection? Why)> finding = Hierarchy.FindAsync(ca.Ledger, ca.Settings.Names, cancellation);
        await Task.WhenAll(reviewing, finding);
        (Hierarchy? cas, Rejection? why) = await finding;
        var inquiry = new IssueInquiry(await reviewing);
        return cas is null ? inquiry with { Why = why }
            : fields.CaChainOnly ? inquiry with { Chain = cas }
            : inquiry.Review.Valid is not { } valid ? inquiry with { Why = inquiry.Review.Fault }
            : cas.HasSubject(valid.Subject)
                ? inquiry with { Why = new Rejection(RejectionCode.SubjectReserved, null, "Subject is reserved") }
                : inquiry with { Attempt = new IssueAttempt(inquiry.Review, valid, cas) };
    }

    /// <summary>What the key of a request was used for before.</summary>
    public Task<KeyReuse> FindReuseAsync(IssueAttempt attempt, CancellationToken cancellation) =>
        KeyReuse.FindAsync(ca.Ledger, attempt.Request.CommonName, attempt.Key, cancellation);

    /// <summary>Whether the key may have a certificate; the attempt then knows whether it was forced before.</summary>
    public async Task<(IssueAttempt Attempt, KeyDecision Key)> DecideAsync(IssueAttempt attempt, KeyReuse reuse, CancellationToken cancellation)
    {
        attempt = attempt with { WasForced = attempt.OnceId is { } id && await ca.Ledger.HappenedAsync(id, cancellation) };
        return (attempt, KeyDecision.Of(attempt, reuse, ca.Clock.GetUtcNow()));
    }
}

/// <summary>How far a request gets before its key is looked at: exactly one of the three. Immutable.</summary>
internal sealed record IssueInquiry(RequestReview Review)
{
    /// <summary>Refused, and why.</summary>
    public Rejection? Why { get; init; }

    /// <summary>The CA chain alone is asked for: this one.</summary>
    public Hierarchy? Chain { get; init; }

    /// <summary>A valid request, and the CAs that would issue it.</summary>
    public IssueAttempt? Attempt { get; init; }
}
