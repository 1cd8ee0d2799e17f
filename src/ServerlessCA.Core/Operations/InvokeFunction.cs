using System.Diagnostics;
using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Operations;

/// <summary>Runs one function as the original's callers know it: an event in, JSON out (contract sections 4 and 5). Faults are
/// exceptions, refusals are answers. Calls may run concurrently.</summary>
public sealed class InvokeFunction
{
    private readonly Deployment ca;
    private readonly IssueCertificate issue;
    private readonly FindSettledEntries findSettled;
    private readonly Action<OperationFact>? report;

    /// <summary>Prepares the functions of a deployment.</summary>
    /// <param name="ca">The deployment whose functions run.</param>
    /// <param name="search">Finds entries that need no call; null: with the CA's own stores.</param>
    /// <param name="report">Receives each fact as it becomes known, also when the function ends failed; null: nobody does. Must not
    /// throw.</param>
    public InvokeFunction(Deployment ca, FindSettledEntries? search = null, Action<OperationFact>? report = null)
        : this(ca, new IssueCertificate(ca), search ?? new FindSettledEntries(ca, ca.InternalFiles), report)
    {
    }

    private InvokeFunction(Deployment ca, IssueCertificate issue, FindSettledEntries findSettled, Action<OperationFact>? report)
    {
        this.ca = ca;
        this.issue = issue;
        this.findSettled = findSettled;
        this.report = report;
    }

    /// <summary>Returns the same for another caller, with what this one has read already.</summary>
    /// <param name="actor">Who calls, for the history.</param>
    public InvokeFunction As(Actor actor) => new(ca with { Actor = actor }, issue.As(actor), findSettled, report);

    /// <summary>Runs a function once, with all rights.</summary>
    /// <param name="function">Any but <see cref="CaFunction.Notify"/>, which is Slack's.</param>
    /// <param name="utf8">The event, JSON.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="StepFailedException">Part of it is done, and somebody has to correct something.</exception>
    /// <exception cref="Ports.LedgerUnavailableException">As the use cases say.</exception>
    /// <exception cref="Ports.CaKeyUnavailableException">As the use cases say.</exception>
    /// <exception cref="Ports.FilesUnavailableException">As the use cases say.</exception>
    /// <exception cref="Settings.InvalidSettingsException">The CA's settings cannot be used; nothing was done.</exception>
    public Task<OperationResult> RunAsync(CaFunction function, ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        RunAsync(function, utf8, CallerRights.Everything, cancellation);

    /// <summary>Runs a function once, for a caller with limited rights. Throws the same exceptions as the overload with all
    /// rights.</summary>
    /// <param name="function">A function that the caller may run.</param>
    /// <param name="utf8">The event, JSON.</param>
    /// <param name="rights">What the caller may do.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="ArgumentException">The caller may not run it.</exception>
    public async Task<OperationResult> RunAsync(
        CaFunction function, ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation)
    {
        OperationResult result = rights.WhyNot(function) is { } why
            ? throw new ArgumentException(why, nameof(rights))
            : await CarryOutAsync(function, utf8, rights, cancellation);
        foreach (OperationFact fact in result.Facts)
        {
            report?.Invoke(fact);
        }

        return result.Failure is { } failure ? throw new StepFailedException(failure) : result;
    }

    /// <summary>Runs a function once as a step of a run: a failed end is a result. Throws faults as the others do.</summary>
    /// <param name="function">Any but tls-cert, whose step is a call for every entry.</param>
    /// <param name="ofRun">The list that the run has read; null: it has not.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    internal async Task<OperationResult> CarryOutAsync(CaFunction function, GitOpsEntries? ofRun, CancellationToken cancellation) =>
        function == CaFunction.Expiry && ofRun is not null
            ? Outcomes.Of(await new RemindOfExpiry(ca, ofRun).RunAsync(cancellation))
            : await CarryOutAsync(function, default, CallerRights.Everything, cancellation);

    private async Task<OperationResult> CarryOutAsync(
        CaFunction function, ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation) => function switch
    {
        CaFunction.CreateRootCa => Outcomes.Of(ca.Settings.Names.RootCa, await new CreateRootCa(ca).RunAsync(cancellation)),
        CaFunction.CreateIssuingCa => Outcomes.Of(ca.Settings.Names.IssuingCa, await new CreateIssuingCa(ca).RunAsync(cancellation)),
        CaFunction.RootCaCrl => await PublishAsync(PublishCrl.OfRoot(ca), utf8, cancellation),
        CaFunction.IssuingCaCrl => await PublishAsync(PublishCrl.OfIssuing(ca), utf8, cancellation),
        CaFunction.TlsCert when FunctionEvent.AsksForSettledEntries(utf8) && rights is { Policy: null } && rights.WhyNot(AccessLevel.Operate) is null =>
            Outcomes.Of(await findSettled.RunAsync(cancellation)),
        CaFunction.TlsCert => Outcomes.Of(await issue.RunAsync(utf8, rights, cancellation)),
        CaFunction.Expiry => Outcomes.Of(await new RemindOfExpiry(ca).RunAsync(cancellation)),
        _ => throw new UnreachableException(),
    };

    private async Task<OperationResult> PublishAsync(PublishCrl publish, ReadOnlyMemory<byte> utf8, CancellationToken cancellation) => Outcomes.Of(
        publish.FileKey,
        await publish.RunAsync(crl => report?.Invoke(Outcomes.InPlace(crl)), cancellation),
        FunctionEvent.IsScheduled(utf8));
}

/// <summary>Reads what an event wants from a function besides its ordinary work. Any other event, JSON or not, wants the ordinary
/// work.</summary>
public static class FunctionEvent
{
    private const string SettledKey = "settled_entries_of";
    private const string ScheduledKey = "scheduled";
    private const int MaxSettledBytes = 256; // our decision: the event has 36

    /// <summary>Says whether an event of tls-cert wants to know which entries need no call, and no certificate:
    /// <c>{"settled_entries_of": "tls.json"}</c> and nothing else.</summary>
    public static bool AsksForSettledEntries(ReadOnlyMemory<byte> utf8) => utf8.Length <= MaxSettledBytes && Is(utf8, json =>
        json.EnumerateObject().Count() == 1 && json.TryGetProperty(SettledKey, out JsonElement file)
        && file.ValueKind == JsonValueKind.String && file.ValueEquals(GitOpsEntries.FileKey));

    /// <summary>Says whether the schedule of CRLs sent an event: <c>{"scheduled": true}</c>. The schedule begins with the
    /// deployment, so a CA that is not created yet is no failure then.</summary>
    public static bool IsScheduled(ReadOnlyMemory<byte> utf8) => Is(utf8, json =>
        json.TryGetProperty(ScheduledKey, out JsonElement scheduled) && scheduled.ValueKind == JsonValueKind.True);

    private static bool Is(ReadOnlyMemory<byte> utf8, Func<JsonElement, bool> fits)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object && fits(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>A function did what it could, and a person has to correct something; the message says what. Trying again at once
/// changes nothing, and the pipeline ends failed for it (contract 12.16). The type's name is contract: callers on AWS see
/// it.</summary>
public sealed class StepFailedException(string message) : Exception(message);
