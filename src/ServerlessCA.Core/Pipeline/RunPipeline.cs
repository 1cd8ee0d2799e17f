using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Runs the pipeline over a GitOps folder once (contract sections 4 and 7): the CAs, their CRLs, every entry of
/// <c>tls.json</c>. A failing step does not stop the others; the report says what failed (contract 12.16).</summary>
public sealed class RunPipeline(Deployment ca, IPipelineObserver? observer = null)
{
    private readonly InvokeFunction functions = new(ca);
    private readonly EventPublisher publisher = new(ca.Ledger, ca.Notifier);

    /// <summary>Lists all steps, in order.</summary>
    public static IReadOnlyList<CaFunction> Steps { get; } = [.. Operation.Pipeline.Select(operation => operation.Function)];

    /// <summary>Lists the steps of a deployment: one that reminds of nothing has no step for it.</summary>
    internal static IEnumerable<CaFunction> StepsOf(CaSettings settings) =>
        Steps.Where(step => step != CaFunction.Expiry || settings.ExpiryReminders.Count > 0);

    /// <summary>Runs all steps once.</summary>
    public Task<PipelineReport> RunAsync(CancellationToken cancellation) => RunAsync(Steps.ToHashSet(), cancellation);

    /// <summary>Runs some of the steps, such as those that failed before.</summary>
    public async Task<PipelineReport> RunAsync(IReadOnlySet<CaFunction> wanted, CancellationToken cancellation)
    {
        var steps = new List<StepResult>();
        var entries = new List<EntryResult>();
        GitOpsEntries? list = null; // which two steps use
        foreach (CaFunction step in StepsOf(ca.Settings).Where(wanted.Contains))
        {
            steps.Add(await StepAsync(step, () => step == CaFunction.TlsCert ? CertificatesAsync(entries, read => list = read, cancellation) : FunctionAsync(step, list, cancellation)));
        }

        return new PipelineReport(steps, entries);
    }

    private async Task<StepResult> StepAsync(CaFunction step, Func<Task<StepResult>> run)
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

    private async Task<StepResult> FunctionAsync(CaFunction step, GitOpsEntries? list, CancellationToken cancellation) =>
        (await functions.CarryOutAsync(step, list, cancellation)).AsStep(step);

    private async Task<StepResult> CertificatesAsync(List<EntryResult> results, Action<GitOpsEntries> read, CancellationToken cancellation)
    {
        await publisher.DeliverOutboxAsync(cancellation);
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (entries.Fault is { } fault)
        {
            return new StepResult(CaFunction.TlsCert, StepStatus.Failed, fault, []);
        }

        read(entries);
        observer?.Begins(CaFunction.TlsCert, entries.Elements.Count);
        var run = new RunEntries(new IssueCertificate(ca, ofRun: entries), ca.Settings.SingleLabelNames, result =>
        {
            results.Add(result);
            observer?.Ended(result);
        });
        await run.RunAsync(entries, cancellation);

        int issued = results.Count(result => result.Status == EntryStatus.Issued);
        StepStatus status = issued > 0 ? StepStatus.Done : StepStatus.Unchanged;
        int inVain = results.Count(result => result is { Status: EntryStatus.AlreadyIssued, Message: not null });
        string remark = inVain == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; {inVain} already issued, whose CA or row is gone and whose certificate was revoked or has expired: a new key gets a new certificate");
        return new StepResult(CaFunction.TlsCert, status, $"{issued} of {Counted.Entries(results.Count)} issued{remark}", []);
    }

    /// <summary>What a run tells of an entry, by what its request came to.</summary>
    /// <param name="begun">The entry.</param>
    /// <param name="outcome">What it came to.</param>
    internal static EntryResult ResultOf(EntryResult begun, IssueOutcome outcome) => outcome switch
    {
        IssueOutcome.Issued issued => begun with
        {
            CommonName = issued.Record.CommonName,
            Status = issued.Repeated ? EntryStatus.AlreadyIssued : EntryStatus.Issued,
            SerialNumber = issued.Record.SerialNumber,
            Expires = issued.Record.Expires,
            Warnings = issued.Warnings,
        },
        IssueOutcome.Refused { Why: { Code: RejectionCode.AlreadyIssued } why } refused => begun with
        {
            Status = EntryStatus.AlreadyIssued,
            SerialNumber = why.Existing?.SerialNumber,
            Expires = why.Existing?.Expires,
            Message = why.Remark,
            Warnings = refused.Warnings,
        },
        IssueOutcome.Refused refused => begun with
        {
            Status = EntryStatus.Refused,
            Refusal = refused.Why.Code,
            Message = refused.Why.Message,
            Warnings = refused.Warnings,
        },
        _ => begun with { Status = EntryStatus.Refused, Message = "ca_chain_only has no place in tls.json" },
    };
}

/// <summary>Watches a run while it goes on, to show its progress. Must not throw.</summary>
public interface IPipelineObserver
{
    /// <summary>Receives the start of a step.</summary>
    /// <param name="which">The function that runs.</param>
    /// <param name="entryCount">Entries to come; 0 for other steps.</param>
    void Begins(CaFunction which, int entryCount);

    /// <summary>Receives the end of an entry.</summary>
    void Ended(EntryResult entry);

    /// <summary>Receives the end of a step.</summary>
    void Ended(StepResult result);
}

/// <summary>Names the exceptions that one step may end with while the others go on. Any other exception is a bug and ends the
/// run.</summary>
public static class Faults
{
    /// <summary>Says whether an exception is such a fault.</summary>
    public static bool IsFault(Exception exception) => exception
        is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException
        or InvalidSettingsException or CertificateLintException or CrlLintException;
}
