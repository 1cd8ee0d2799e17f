using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Issues one certificate (contract section 5). The order is: decide, by request, CSR, CAs, ledger and settings; sign,
/// check, record with the key's reservation in one transaction, answer, notify. Nothing is handed out before the ledger has it
/// (contract 12.4); a request that loses a race has wasted a signature and nothing else.</summary>
public sealed class IssueCertificate
{
    private const int MaxSerialDraws = 3; // a second collision of 159 random bits is a broken source, not bad luck

    private readonly Deployment ca;
    private readonly KnownFacts facts;
    private readonly DecideIssue decide;
    private readonly RequestRefusal refusal;
    private readonly EventPublisher publisher;
    private readonly Func<IssueDecision.Issue, CancellationToken, Task<Certificate>> sign;

    /// <summary>Prepares it for one CA.</summary>
    /// <param name="ca">The deployment that issues.</param>
    /// <param name="ofRun">The list of a run, which then reads neither it nor the CAs again; null: requests come one by
    /// one.</param>
    public IssueCertificate(Deployment ca, GitOpsEntries? ofRun = null)
        : this(ca, new KnownFacts(ca, ofRun), sign: null)
    {
    }

    /// <summary>Prepares it for a plan, whose ledger forgets and whose certificates nobody signs.</summary>
    /// <param name="ca">The deployment of the plan.</param>
    /// <param name="ofRun">The list that the plan works through.</param>
    /// <param name="sign">Makes the certificate that stands in for the signed one.</param>
    internal IssueCertificate(Deployment ca, GitOpsEntries? ofRun, Func<IssueDecision.Issue, CancellationToken, Task<Certificate>> sign)
        : this(ca, new KnownFacts(ca, ofRun), sign)
    {
    }

    private IssueCertificate(Deployment ca, KnownFacts facts, Func<IssueDecision.Issue, CancellationToken, Task<Certificate>>? sign)
    {
        this.ca = ca;
        this.facts = facts;
        this.sign = sign ?? SignAsync;
        decide = new DecideIssue(ca, facts);
        refusal = new RequestRefusal(ca);
        publisher = new EventPublisher(ca.Ledger, ca.Notifier);
    }

    /// <summary>Returns the same use case for another caller, with what this one has read already.</summary>
    /// <param name="actor">Who requests.</param>
    public IssueCertificate As(Actor actor) => new(ca with { Actor = actor }, facts, sign: null);

    /// <summary>Has the ledger remember which CSRs of a run were verified, so that the next run need not do it again.</summary>
    /// <param name="cancellation">Stops waiting.</param>
    public Task SaveProofsAsync(CancellationToken cancellation) => facts.Proofs?.SaveAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>Handles one request as it came over the wire: whatever the bytes are, there is an answer.</summary>
    /// <param name="utf8">Should be one JSON object.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for a <see cref="CertificateRequest"/>.</exception>
    public Task<IssueOutcome> RunAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        RunAsync(utf8, CallerRights.Everything, cancellation);

    /// <summary>Handles one request of a caller with limited rights.</summary>
    /// <param name="utf8">Should be one JSON object.</param>
    /// <param name="rights">What the caller may ask for.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for a <see cref="CertificateRequest"/>.</exception>
    public async Task<IssueOutcome> RunAsync(ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation) =>
        RequestReader.TryParse(utf8, ca.Settings.SingleLabelNames, out CertificateRequest? request, out Rejection? why)
            ? await RunAsync(request with { Rights = rights }, cancellation)
            : await refusal.OfUnreadableAsync(utf8, why, cancellation);

    /// <summary>Handles one element of a list, such as <c>tls.json</c>.</summary>
    /// <param name="json">Should be an object.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="LedgerUnavailableException">As for a <see cref="CertificateRequest"/>.</exception>
    public async Task<IssueOutcome> RunAsync(JsonElement json, CancellationToken cancellation) =>
        RequestReader.TryRead(json, ca.Settings.SingleLabelNames, out CertificateRequest? request, out Rejection? why)
            ? await RunAsync(request, cancellation)
            : await refusal.OfUnreadableAsync(Encoding.UTF8.GetBytes(json.GetRawText()), why, cancellation);

    /// <summary>Handles one request.</summary>
    /// <exception cref="LedgerUnavailableException">The certificate may have been issued: repeating with the same
    /// <c>idempotency_token</c> answers the same certificate.</exception>
    /// <exception cref="CaKeyUnavailableException">No certificate was issued.</exception>
    /// <exception cref="FilesUnavailableException">No certificate was issued.</exception>
    public async Task<IssueOutcome> RunAsync(CertificateRequest request, CancellationToken cancellation) =>
        await CarryOutAsync(await DecideAsync(request, cancellation), cancellation);

    /// <summary>Decides what becomes of a request. Nothing is changed, and nobody is notified.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="FilesUnavailableException">The CSR or <c>tls.json</c> cannot be read.</exception>
    public Task<IssueDecision> DecideAsync(CertificateRequest request, CancellationToken cancellation) => decide.RunAsync(request, cancellation);

    /// <summary>Carries a decision out. If another request was faster in the meantime, the ledger says so, and the answer is
    /// another one.</summary>
    /// <exception cref="LedgerUnavailableException">As for a <see cref="CertificateRequest"/>.</exception>
    /// <exception cref="CaKeyUnavailableException">No certificate was issued.</exception>
    public async Task<IssueOutcome> CarryOutAsync(IssueDecision decision, CancellationToken cancellation) => decision switch
    {
        IssueDecision.Issue issue => await IssueAsync(issue, cancellation),
        IssueDecision.Repeat repeat => IssueAnswer.Issued(repeat.Record, repeat.Requested, repeat.Warnings, repeat.Issuing, repeat.Root, repeated: true),
        IssueDecision.AlreadyIssued exists => await refusal.RunAsync(exists.Requested, exists.Why, cancellation),
        IssueDecision.Refuse refuse => await refusal.RunAsync(refuse.Requested, refuse.Why, cancellation),
        IssueDecision.ChainOnly chain => new IssueOutcome.Chain(IssueAnswer.Chain(chain.Root.Certificate, chain.Issuing.Certificate)),
        _ => throw new UnreachableException(),
    };

    private async Task<IssueOutcome> IssueAsync(IssueDecision.Issue issue, CancellationToken cancellation)
    {
        for (int draw = 1; ; draw++)
        {
            Certificate certificate = await sign(issue, cancellation);
            if (IssueRules.WhyNotByPolicy(issue.Requested, certificate) is { } why)
            {
                return await refusal.RunAsync(issue.Requested, why, cancellation);
            }

            CertificateAddition addition = Addition(issue, certificate);
            switch (await ca.Ledger.AddAsync(addition, cancellation))
            {
                case AddOutcome.Added:
                    return await AnswerAsync(issue, addition, cancellation);
                case AddOutcome.SerialTaken when draw < MaxSerialDraws:
                    continue;
                case AddOutcome.KeyCompromised:
                    return await refusal.RunAsync(issue.Requested, KeyDecision.KeyCompromised, cancellation);
                case AddOutcome.KeyUsed or AddOutcome.OnceOnly or AddOutcome.TokenUsed:
                    return await CarryOutAsync(await decide.AfterRaceAsync(issue, cancellation), cancellation);
                default:
                    throw new LedgerUnavailableException($"the ledger took none of {draw} fresh serial numbers", null, nothingWasStored: true);
            }
        }
    }

    private async Task<Certificate> SignAsync(IssueDecision.Issue issue, CancellationToken cancellation)
    {
        ICaKey key = await issue.Issuing.KeyAsync(ca.Keys, cancellation);
        return await CertificateSigner.SignAsync(
            issue.Template with { SerialNumber = ca.Serials.Draw() }, key, issue.Issuing.Certificate, cancellation);
    }

    // Collects what is stored with the certificate, in one transaction.
    private CertificateAddition Addition(IssueDecision.Issue issue, Certificate certificate)
    {
        CertificateRequest request = issue.Requested.Request;
        var record = new CertificateRecord
        {
            CommonName = issue.Requested.CommonName!,
            SerialNumber = certificate.SerialNumber,
            Issued = certificate.NotBefore,
            Expires = certificate.NotAfter,
            CertificatePem = certificate.Pem,
            NotifyExpiry = issue.NotifyExpiry,
            PublicKeyHash = issue.Subject.Key.Hash,
            IssuerKeyId = issue.Issuing.KeyId,
            Source = request.CsrFile is not null ? IssueSource.GitOps : IssueSource.Direct,
        };
        return new CertificateAddition(record)
        {
            Key = issue.Subject.Key.Reservation,
            AllowUsedKey = issue.AllowsUsedKey,
            TakeOverFrom = issue.TakesOverFrom,
            Token = request.IdempotencyToken is { } token
                ? new IdempotencyClaim(token, issue.Requested.Hash, TableTime.WholeSeconds(ca.Clock.GetUtcNow()))
                : null,
            OnceId = issue.OnceId,
            History = HistoryEntry.Issued(record, issue.Issuing.Name, ca.Clock.GetUtcNow(), ca.Actor),
            Event = issue.NotifyIssued ? IssuanceMessages.Issued(record, issue.Subject.Name, issue.Warnings) : null,
        };
    }

    private async Task<IssueOutcome> AnswerAsync(IssueDecision.Issue issue, CertificateAddition added, CancellationToken cancellation)
    {
        if (added.Event is { } notification)
        {
            await publisher.DeliverAsync(notification, cancellation);
        }

        return IssueAnswer.Issued(added.Record, issue.Requested, issue.Warnings, issue.Issuing, issue.Root);
    }
}

/// <summary>Refuses a request: notifies, unless this refusal was announced before, and answers.</summary>
internal sealed class RequestRefusal(Deployment ca)
{
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);
    private readonly HistoryLog history = new(ca);

    public async Task<IssueOutcome> RunAsync(RequestedContents requested, Rejection why, CancellationToken cancellation)
    {
        if (why.Code == RejectionCode.AlreadyIssued)
        {
            return Refused(requested, why); // the answer of an ordinary night: nobody is notified, and nothing is noted
        }

        // A GitOps entry comes again every night: the same CSR refused for the same reason is announced once (contract 12.19).
        string? repeatedAs = requested.Request.CsrFile is not null
            ? CanonicalJson.Hash(RequestWriter.JsonOf(requested.Request), Encoding.UTF8.GetBytes(requested.Hash), Encoding.UTF8.GetBytes(why.Message))
            : null;
        Task announcing = why.SendsNotification
            ? publisher.PublishAsync(IssuanceMessages.Rejected($"rejected-{repeatedAs ?? ca.Serials.Draw().ToString()}", requested, why), onceOnly: repeatedAs is not null, cancellation)
            : Task.CompletedTask;
        await Task.WhenAll(announcing, history.RefusedAsync(requested.CommonName, why, repeatedAs, cancellation));
        return Refused(requested, why);
    }

    /// <summary>Refuses bytes that are no request at all; the same bytes are announced once.</summary>
    public async Task<IssueOutcome> OfUnreadableAsync(ReadOnlyMemory<byte> bytes, Rejection why, CancellationToken cancellation)
    {
        string id = $"rejected-{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}";
        var nothing = new RequestedContents(new CertificateRequest(), singleLabels: false);
        await Task.WhenAll(
            publisher.PublishAsync(IssuanceMessages.Rejected(id, nothing, why), onceOnly: true, cancellation),
            history.RefusedAsync(commonName: null, why, repeatedAs: null, cancellation));
        return new IssueOutcome.Refused(why, []);
    }

    private static IssueOutcome.Refused Refused(RequestedContents requested, Rejection why) =>
        new(why, requested.Warnings.Texts) { CommonName = requested.CommonName };
}
