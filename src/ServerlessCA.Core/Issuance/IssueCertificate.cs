using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Issues one certificate (SPEC section 5). The order: review the request, ask the ledger, sign, check,
/// record with the key's reservation in one transaction, answer, tell. Nothing is handed out before the ledger has it;
/// who loses a race has wasted a signature and nothing else.</summary>
public sealed class IssueCertificate(Deployment ca)
{
    private const int MaxSerialDraws = 3; // a second collision of 159 random bits is a broken source, not bad luck

    private readonly IssueDecision decision = new(ca);
    private readonly RequestRefusal refusal = new(ca);
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>Runs it once for one request as it came over the wire: whatever the bytes are, there is an answer.</summary>
    /// <param name="utf8">Should be one JSON object.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for an <see cref="IssueRequest"/>.</exception>
    public Task<IssueOutcome> RunAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        RunAsync(utf8, CallerRights.Everything, cancellation);

    /// <summary>Runs it once for one request of a caller who may not ask for everything.</summary>
    /// <param name="utf8">Should be one JSON object.</param>
    /// <param name="rights">What the caller may ask for.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for an <see cref="IssueRequest"/>.</exception>
    public async Task<IssueOutcome> RunAsync(ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation) =>
        IssueRequest.TryParse(utf8, out IssueRequest? request, out Rejection? why)
            ? await RunAsync(request.By(rights), cancellation)
            : await refusal.OfUnreadableAsync(utf8, why, cancellation);

    /// <summary>Runs it once for one element of a list, such as <c>tls.json</c>.</summary>
    /// <param name="json">Should be an object.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for an <see cref="IssueRequest"/>.</exception>
    public async Task<IssueOutcome> RunAsync(JsonElement json, CancellationToken cancellation) =>
        IssueRequest.TryRead(json, out IssueRequest? request, out Rejection? why)
            ? await RunAsync(request, cancellation)
            : await refusal.OfUnreadableAsync(Encoding.UTF8.GetBytes(json.GetRawText()), why, cancellation);

    /// <summary>Runs it once for one request.</summary>
    /// <exception cref="LedgerUnavailableException">Perhaps issued, perhaps not: repeating with the same
    /// <c>idempotency_token</c> answers the same certificate.</exception>
    /// <exception cref="CaKeyUnavailableException">Not issued.</exception>
    /// <exception cref="FilesUnavailableException">Not issued.</exception>
    public async Task<IssueOutcome> RunAsync(IssueRequest request, CancellationToken cancellation)
    {
        IssueInquiry inquiry = await decision.InquireAsync(request, cancellation);
        return inquiry switch
        {
            { Chain: { } cas } => new IssueOutcome.Chain(IssueAnswer.Chain(cas.Root.Certificate, cas.Issuing.Certificate)),
            { Attempt: { } attempt } => await RunAsync(attempt, cancellation),
            _ => await refusal.RunAsync(inquiry.Review, inquiry.Why!, cancellation),
        };
    }

    // All that has to be known is asked for at once: on AWS each answer takes some milliseconds.
    private async Task<IssueOutcome> RunAsync(IssueAttempt attempt, CancellationToken cancellation)
    {
        Task<IssueOutcome?> repeating = RepeatedAsync(attempt, cancellation);
        Task<GitOpsEntries> readEntries = GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        Task<KeyReuse> findReuse = decision.FindReuseAsync(attempt, cancellation);
        Task reading = Task.WhenAll(readEntries, findReuse);
        await Task.WhenAny(reading); // whatever comes of it: a repeated request needs none of it
        if (await repeating is { } repeated)
        {
            return repeated;
        }

        await reading;
        bool isGitOps = (await readEntries).Lists(attempt.Request.CommonName, attempt.Request.Subject, attempt.Review.Fields.CsrFile);
        return await IssueAsync(attempt, isGitOps, await findReuse, cancellation);
    }

    // The same token with the same request answers the same certificate (SPEC 12.13).
    private async Task<IssueOutcome?> RepeatedAsync(IssueAttempt attempt, CancellationToken cancellation)
    {
        if (attempt.Request.IdempotencyToken is not { } token)
        {
            return null;
        }

        RecalledIssue? recalled = await ca.Ledger.RecallAsync(token, ca.Clock.GetUtcNow(), cancellation);
        if (recalled is null)
        {
            return null;
        }

        if (recalled.Claim.RequestHash != attempt.Request.Hash)
        {
            return await refusal.RunAsync(attempt.Review, new Rejection(
                RejectionCode.TokenMisused, RequestKeys.IdempotencyToken, "idempotency_token has already been used for another request"), cancellation);
        }

        CertificateRecord record = await ca.Ledger.FindAsync(recalled.CommonName, recalled.SerialNumber, cancellation)
            ?? throw new LedgerUnavailableException(
                $"the certificate {recalled.SerialNumber} of '{recalled.CommonName}' was issued for this idempotency_token, but its row is gone");
        return attempt.Issued(record, repeated: true);
    }

    private async Task<IssueOutcome> IssueAsync(IssueAttempt attempt, bool isGitOps, KeyReuse reuse, CancellationToken cancellation)
    {
        (attempt, KeyDecision key) = await decision.DecideAsync(attempt, reuse, cancellation);
        if (WhyNot(attempt, key) is { } why)
        {
            // The key may have been used a moment ago by this very request, sent twice at once.
            return await RepeatedAsync(attempt, cancellation) ?? await refusal.RunAsync(attempt.Review, why, cancellation);
        }

        for (int draw = 1; ; draw++)
        {
            Certificate certificate = await SignAsync(attempt, cancellation);
            CertificateAddition addition = attempt.Addition(certificate, isGitOps, key, ca.Clock.GetUtcNow());
            switch (await ca.Ledger.AddAsync(addition, cancellation))
            {
                case AddOutcome.Added:
                    return await TellAsync(attempt.Issued(addition.Record, repeated: false, key.Warning), addition.Event, cancellation);
                case AddOutcome.SerialTaken when draw < MaxSerialDraws:
                    continue;
                case AddOutcome.TokenUsed when await RepeatedAsync(attempt, cancellation) is { } repeated:
                    return repeated;
                case AddOutcome.KeyCompromised:
                    return await refusal.RunAsync(attempt.Review, IssueAttempt.KeyCompromised, cancellation);
                case AddOutcome.KeyUsed or AddOutcome.OnceOnly or AddOutcome.TokenUsed:
                    KeyReuse now = await decision.FindReuseAsync(attempt, cancellation);
                    bool isOld = attempt.Request.NamesCsrFile && now.UsedForName;
                    return await RepeatedAsync(attempt, cancellation)
                        ?? await refusal.RunAsync(attempt.Review, isOld ? IssueAttempt.AlreadyIssued with { Existing = now.Newest } : IssueAttempt.KeyUsed, cancellation);
                default:
                    throw new LedgerUnavailableException($"the ledger took none of {draw} fresh serial numbers", null, nothingWasStored: true);
            }
        }
    }

    // In the contract's order: key reuse, then what the contract does not know, lifetime and extensions, the authority
    // itself, sizes. A weak key that has its certificate is no news every night, and costs no time.
    private Rejection? WhyNot(IssueAttempt attempt, KeyDecision key)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        return key.Why ?? attempt.WeakKey() ?? attempt.Review.Fields.LateFault ?? WhyNot(attempt.Issuing, now) ?? WhyNot(attempt.Root, now)
            ?? SizeRules.Check(attempt, Template(attempt, SerialNumber.Largest));
    }

    private static Rejection? WhyNot(CertificateAuthority authority, DateTimeOffset now) => authority.WhyNotUsable(now) is not { } why ? null
        : new Rejection(now < authority.Certificate.NotBefore ? RejectionCode.CaNotValidYet : RejectionCode.CaNotUsable, null, why);

    private async Task<Certificate> SignAsync(IssueAttempt attempt, CancellationToken cancellation)
    {
        ICaKey key = await attempt.Issuing.KeyAsync(ca.Keys, cancellation);
        return await CertificateSigner.SignAsync(Template(attempt, ca.Serials.Draw()), key, attempt.Issuing.Certificate, cancellation);
    }

    private CertificateTemplate Template(IssueAttempt attempt, SerialNumber serial)
    {
        PublicationPoint? point = ca.Settings.PublicDomain is { } domain ? new PublicationPoint(domain, attempt.Issuing.Name) : null;
        return EndEntityCertificate.Template(
            serial, attempt.Issuing.Certificate, attempt.Contents(ca.Settings), ca.Clock.GetUtcNow(), point);
    }

    private async Task<IssueOutcome> TellAsync(IssueOutcome outcome, Notification? notification, CancellationToken cancellation)
    {
        if (notification is not null)
        {
            await announcer.DeliverAsync(notification, cancellation);
        }

        return outcome;
    }
}
