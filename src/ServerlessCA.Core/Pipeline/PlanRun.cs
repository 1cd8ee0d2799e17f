using System.Globalization;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Plans a run over a GitOps folder: makes the decisions of <see cref="RunPipeline"/> in its order, each in view of what
/// the ones before it would have done, and carries nothing out. It asks for no key, writes nothing and notifies nobody.</summary>
/// <param name="ca">The deployment. A run of it would do what the plan says.</param>
/// <param name="standIns">Keys of the kinds that the CAs will have, for those that do not exist yet.</param>
public sealed class PlanRun(Deployment ca, ICaKeys standIns)
{
    /// <summary>Gets whether no CA is asked: what was issued and revoked before is unknown.</summary>
    public bool IsAgainstNothing { get; init; }

    /// <summary>Gets whether the stand-ins are of the kinds that the CAs' keys have; false: nobody was asked which those are.</summary>
    public bool AreKindsKnown { get; init; } = true;

    /// <summary>Gets where certificates have to work, besides what the CA's settings say: the lints of these targets run, too.</summary>
    public IReadOnlyList<LintTarget> Targets { get; init; } = [];

    /// <summary>Gets the rights of whoever would request the entries; by default those of a run, which its operator starts.</summary>
    public CallerRights Rights { get; init; } = CallerRights.Everything;

    /// <summary>Gets who hears how far it is: what is looked at, how many entries are done, and of how many.</summary>
    public Action<string, int, int>? Progress { get; init; }

    /// <summary>Plans it. What cannot be read fails its own step or entry, as in a run.</summary>
    public async Task<Plan> RunAsync(CancellationToken cancellation)
    {
        Deployment planned = PlannedStores.Of(ca, standIns);
        var work = new PlanWork(planned, this);
        foreach (CaFunction step in RunPipeline.StepsOf(planned.Settings))
        {
            await work.AddStepAsync(step, cancellation);
        }

        return work.Plan;
    }
}

/// <summary>Makes a plan, step by step. Works on it once.</summary>
/// <param name="ca">A deployment that remembers what is planned.</param>
/// <param name="how">How it is planned.</param>
internal sealed class PlanWork(Deployment ca, PlanRun how)
{
    private readonly DateTimeOffset now = ca.Clock.GetUtcNow();
    private readonly List<StepResult> steps = [];
    private readonly HashSet<CaFunction> failedByEntries = [];
    private readonly List<PlannedRevocation> revocations = [];
    private readonly List<string> created = [];
    private readonly PlanEntries entries = new(ca, how.Targets, how.Rights);
    private VanishedEntries vanished = VanishedEntries.None;
    private ReminderDecision? reminders;
    private GitOpsEntries? listed;

    /// <summary>Gets it.</summary>
    public Plan Plan => new()
    {
        At = now,
        Steps = steps,
        FaultySteps = [.. steps.Where(step => step.Status == StepStatus.Failed && !failedByEntries.Contains(step.Step))],
        Entries = entries.Planned,
        Revocations = revocations,
        Vanished = vanished,
        Reminders = reminders,
        StandIns = created,
        AreKindsKnown = how.AreKindsKnown,
    };

    /// <summary>Plans one more step.</summary>
    public async Task AddStepAsync(CaFunction step, CancellationToken cancellation)
    {
        how.Progress?.Invoke(Operation.Of(step).Name, 0, 0);
        try
        {
            steps.Add(await PlanAsync(step, cancellation));
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            steps.Add(new StepResult(step, StepStatus.Failed, fault.Message, []));
        }
    }

    private async Task<StepResult> PlanAsync(CaFunction step, CancellationToken cancellation) => step switch
    {
        CaFunction.CreateRootCa => await CreateAsync(step, ca.Settings.Names.RootCa, await new CreateRootCa(ca).DecideAsync(cancellation), cancellation),
        CaFunction.CreateIssuingCa => await CreateAsync(step, ca.Settings.Names.IssuingCa, await new CreateIssuingCa(ca).DecideAsync(cancellation), cancellation),
        CaFunction.RootCaCrl => await PublishAsync(step, PublishCrl.OfRoot(ca), cancellation),
        CaFunction.IssuingCaCrl => await PublishAsync(step, PublishCrl.OfIssuing(ca), cancellation),
        CaFunction.TlsCert => await IssueAsync(step, cancellation),
        _ => await RemindAsync(step, cancellation),
    };

    private async Task<StepResult> CreateAsync(CaFunction step, string name, CaDecision decided, CancellationToken cancellation)
    {
        if (decided is not CaDecision.Create create)
        {
            return Outcomes.Of(name, decided.Outcome).AsStep(step);
        }

        Certificate certificate = UnsignedCertificate.Of(create.Template, create.SigningKey.Spec);
        if (await ca.Ledger.AddAsync(CaCreation.AdditionOf(create, certificate), cancellation) == AddOutcome.NameTaken)
        {
            throw CaCreation.NameHasRows(name);
        }

        created.Add(name);
        return new StepResult(step, StepStatus.Done, $"{name} does not exist and would be created", []);
    }

    private async Task<StepResult> PublishAsync(CaFunction step, PublishCrl publish, CancellationToken cancellation)
    {
        CrlDecision decided = await publish.DecideAsync(cancellation);
        CrlOutcome outcome = decided.Outcome;
        PlannedRevocation[] listed = decided.List is { } list ? [.. Revocations(list, outcome)] : [];
        revocations.AddRange(listed);
        if (decided.List is { } revoking)
        {
            await new RevokeListed(ca, notify: false).DoAsync(revoking, cancellation);
        }

        foreach (RowMark mark in decided.Marks)
        {
            await ca.Ledger.RevokeAsync(mark.Row, mark.Revocation, mark.Key, null, null, cancellation);
        }

        string what = outcome.Status switch
        {
            CrlStatus.NoCa => "no CRL: the CA does not exist",
            CrlStatus.AheadInPlace => "no CRL would be published",
            _ => string.Create(CultureInfo.InvariantCulture, $"CRL {outcome.Number} would be published, {outcome.EntryCount} revoked, {outcome.NewlyRevoked} of them new"),
        };
        int failed = listed.Count(entry => entry.Fails);
        bool isFaulty = outcome.Status == CrlStatus.NoCa || outcome.Faults.Count > 0;
        if (failed > 0 && !isFaulty)
        {
            failedByEntries.Add(step);
        }

        IEnumerable<string> faults = failed == 0 ? outcome.Faults : outcome.Faults.Append($"{Texts.Counted.Entries(failed)} of {listed[0].Place.File} cannot be carried out");
        return new StepResult(step, failed > 0 || isFaulty ? StepStatus.Failed : StepStatus.Done, string.Join("; ", faults.Prepend(what)), outcome.Warnings);
    }

    private IEnumerable<PlannedRevocation> Revocations(RevocationDecision list, CrlOutcome outcome)
    {
        EntryPlace[] places = [.. list.Entries.Select(entry => entry.Entry.Place), .. list.Unreadable.Select(failure => failure.Place)];
        ILookup<int, string> failures = outcome.Failures.ToLookup(failure => failure.Place.Position, failure => failure.Reason);
        Dictionary<int, ListedDecision> decisions = list.Entries.ToDictionary(entry => entry.Entry.Place.Position);
        return places.OrderBy(place => place.Position).Select(place =>
        {
            ListedDecision? decision = decisions.GetValueOrDefault(place.Position);
            bool isUnjudged = how.IsAgainstNothing && decision is { Verdict: ListedVerdict.Impossible, Row: null };
            return new PlannedRevocation(place)
            {
                Decision = decision,
                IsUnjudged = isUnjudged,
                Failures = [.. failures[place.Position].Where(reason => !isUnjudged || reason != decision!.Why)],
            };
        });
    }

    private async Task<StepResult> IssueAsync(CaFunction step, CancellationToken cancellation)
    {
        GitOpsEntries list = await GitOpsEntries.ReadAsync(ca.InternalFiles, cancellation);
        if (list.Fault is { } fault)
        {
            return new StepResult(step, StepStatus.Failed, fault, []);
        }

        listed = list;
        await entries.PlanAsync(list, how.Progress, cancellation);
        if (!how.IsAgainstNothing)
        {
            vanished = await entries.FindVanishedAsync(cancellation);
        }

        int issued = entries.Planned.Count(entry => entry.Verdict == PlannedVerdict.Issue);
        return new StepResult(
            step, issued > 0 ? StepStatus.Done : StepStatus.Unchanged, $"{issued} of {Texts.Counted.Entries(entries.Planned.Count)} would be issued", []);
    }

    private async Task<StepResult> RemindAsync(CaFunction step, CancellationToken cancellation)
    {
        reminders = await new RemindOfExpiry(ca, listed).DecideAsync(cancellation);
        int expired = reminders.Due.Count(reminder => reminder.HasExpired);
        string message = string.Create(CultureInfo.InvariantCulture, $"{reminders.Due.Count - expired} would be reminded of, {expired} have expired");
        return new StepResult(step, reminders.Due.Count > 0 ? StepStatus.Done : StepStatus.Unchanged, message, []);
    }
}
