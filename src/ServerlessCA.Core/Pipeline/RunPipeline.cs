using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Pipeline;

/// <summary>The pipeline over a GitOps folder, once (SPEC sections 4 and 7): the CAs, their CRLs, every entry of
/// <c>tls.json</c>. A failing step does not stop the others; the report says what failed (SPEC 12.16).</summary>
public sealed class RunPipeline(Deployment ca, IPipelineObserver? observer = null)
{
    private readonly Announcer announcer = new(ca.Ledger, ca.Notifier);

    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<PipelineStep> Steps { get; } = Enum.GetValues<PipelineStep>();

    /// <summary>Runs it once.</summary>
    public Task<PipelineReport> RunAsync(CancellationToken cancellation) => RunAsync(Steps.ToHashSet(), cancellation);

    /// <summary>Runs some of the steps, such as those that failed before.</summary>
    public async Task<PipelineReport> RunAsync(IReadOnlySet<PipelineStep> wanted, CancellationToken cancellation)
    {
        var steps = new List<StepResult>();
        var entries = new List<EntryResult>();
        bool reminds = ca.Settings.ExpiryReminders.Count > 0;
        foreach (PipelineStep step in Steps.Where(step => wanted.Contains(step) && (step != PipelineStep.Expiry || reminds)))
        {
            steps.Add(await StepAsync(step, () => step switch
            {
                PipelineStep.CreateRootCa => CreateRootAsync(cancellation),
                PipelineStep.RootCrl => CrlAsync(PublishCrl.OfRoot(ca), PipelineStep.RootCrl, cancellation),
                PipelineStep.CreateIssuingCa => CreateIssuingAsync(cancellation),
                PipelineStep.IssuingCrl => CrlAsync(PublishCrl.OfIssuing(ca), PipelineStep.IssuingCrl, cancellation),
                PipelineStep.Certificates => CertificatesAsync(entries, cancellation),
                PipelineStep.Expiry => ExpiryAsync(cancellation),
                _ => throw new UnreachableException(),
            }));
        }

        return new PipelineReport(steps, entries);
    }

    private async Task<StepResult> StepAsync(PipelineStep step, Func<Task<StepResult>> run)
    {
        observer?.Begins(step, 0);
        StepResult result;
        try
        {
            result = await run();
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            result = new StepResult(step, StepStatus.Failed, fault.Message, []);
        }

        observer?.Ended(result);
        return result;
    }

    private async Task<StepResult> CreateRootAsync(CancellationToken cancellation) => Created(
        PipelineStep.CreateRootCa, ca.Settings.Names.RootCa, await new CreateRootCa(ca).RunAsync(cancellation));

    private async Task<StepResult> CreateIssuingAsync(CancellationToken cancellation) => Created(
        PipelineStep.CreateIssuingCa, ca.Settings.Names.IssuingCa, await new CreateIssuingCa(ca).RunAsync(cancellation));

    private static StepResult Created(PipelineStep step, string name, CreateOutcome outcome) => outcome switch
    {
        CreateOutcome.Created => new StepResult(step, StepStatus.Done, $"{name} created", []),
        CreateOutcome.Existed => new StepResult(step, StepStatus.Unchanged, $"{name} exists", []),
        CreateOutcome.NoRoot => new StepResult(step, StepStatus.Failed, $"{name} waits for the root CA", []),
        _ => new StepResult(step, StepStatus.Failed, $"{name} cannot be created: the root CA is revoked, expired or not valid yet", []),
    };

    private static async Task<StepResult> CrlAsync(PublishCrl publish, PipelineStep step, CancellationToken cancellation)
    {
        CrlOutcome outcome = await publish.RunAsync(cancellation);
        return new StepResult(step, outcome.Failed ? StepStatus.Failed : StepStatus.Done, outcome.Message, outcome.Problems)
        {
            IsPublished = outcome.Status == CrlStatus.Published,
        };
    }

    private async Task<StepResult> ExpiryAsync(CancellationToken cancellation)
    {
        ExpiryOutcome outcome = await new RemindOfExpiry(ca).RunAsync(cancellation);
        bool told = outcome.Warnings + outcome.Expired > 0;
        string message = $"{outcome.Warnings} reminded, {outcome.Expired} expired";
        return new StepResult(PipelineStep.Expiry, told ? StepStatus.Done : StepStatus.Unchanged, message, outcome.Problems);
    }

    private async Task<StepResult> CertificatesAsync(List<EntryResult> results, CancellationToken cancellation)
    {
        await announcer.DeliverPendingAsync(cancellation);
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (entries.Fault is { } fault)
        {
            return new StepResult(PipelineStep.Certificates, StepStatus.Failed, fault, []);
        }

        observer?.Begins(PipelineStep.Certificates, entries.Elements.Count);
        var issue = new IssueCertificate(ca, ofRun: entries);
        foreach (JsonElement element in entries.Elements)
        {
            EntryResult result = await EntryAsync(issue, results.Count + 1, element, cancellation);
            results.Add(result);
            observer?.Ended(result);
        }

        int issued = results.Count(result => result.Status == EntryStatus.Issued);
        StepStatus status = issued > 0 ? StepStatus.Done : StepStatus.Unchanged;
        int inVain = results.Count(result => result is { Status: EntryStatus.AlreadyIssued, Message: not null });
        string remark = inVain == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; {inVain} already issued, whose CA or row is gone and whose certificate was revoked or has expired: a new key gets a new certificate");
        return new StepResult(PipelineStep.Certificates, status, $"{issued} of {Counted.Entries(results.Count)} issued{remark}", []);
    }

    private static async Task<EntryResult> EntryAsync(IssueCertificate issue, int position, JsonElement element, CancellationToken cancellation)
    {
        var result = new EntryResult { Position = position, CommonName = GitOpsEntries.NameOf(element), Status = EntryStatus.Failed };
        try
        {
            return await issue.RunAsync(element, cancellation) switch
            {
                IssueOutcome.Issued issued => result with
                {
                    CommonName = issued.Record.CommonName,
                    Status = issued.Repeated ? EntryStatus.AlreadyIssued : EntryStatus.Issued,
                    SerialNumber = issued.Record.SerialNumber.ToString(),
                    Expires = issued.Record.Expires,
                    Warnings = issued.Warnings,
                },
                IssueOutcome.Refused { Why: { Code: RejectionCode.AlreadyIssued } why } refused => result with
                {
                    Status = EntryStatus.AlreadyIssued,
                    SerialNumber = why.Existing?.SerialNumber.ToString(),
                    Expires = why.Existing?.Expires,
                    Message = why.Remark,
                    Warnings = refused.Warnings,
                },
                IssueOutcome.Refused refused => result with
                {
                    Status = EntryStatus.Refused,
                    Message = refused.Why.Message,
                    Warnings = refused.Warnings,
                },
                _ => result with { Status = EntryStatus.Refused, Message = "ca_chain_only has no place in tls.json" },
            };
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            return result with { Message = fault.Message };
        }
    }
}
