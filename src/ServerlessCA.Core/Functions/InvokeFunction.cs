using System.Diagnostics;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Functions;

/// <summary>Runs one function as the original's callers know it: an event in, JSON out (SPEC sections 4 and 5). Faults
/// are exceptions, refusals are answers. Calls may run concurrently.</summary>
public sealed class InvokeFunction(Deployment ca)
{
    private const string Nothing = "null"; // what a function answers that has nothing to say

    private readonly IssueCertificate issue = new(ca);
    private readonly FindSettledEntries findSettled = new(ca, ca.InternalFiles);

    /// <summary>Runs it once, for whoever runs the CA.</summary>
    /// <param name="function">Which.</param>
    /// <param name="utf8">The event, JSON; only tls-cert reads it.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="StepFailedException">Done in part, and somebody has to mend something.</exception>
    /// <exception cref="Ports.LedgerUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Ports.CaKeyUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Ports.FilesUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Settings.InvalidSettingsException">The CA's settings cannot be used; nothing was done.</exception>
    public Task<FunctionAnswer> RunAsync(CaFunction function, ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        RunAsync(function, utf8, CallerRights.Everything, cancellation);

    /// <summary>Runs it once, for a caller with rights of its own. Throws what it throws for whoever runs the CA.</summary>
    /// <param name="function">Which; the caller may run it.</param>
    /// <param name="utf8">The event, JSON; only tls-cert reads it.</param>
    /// <param name="rights">The caller's.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="ArgumentException">The caller may not run it.</exception>
    public async Task<FunctionAnswer> RunAsync(
        CaFunction function, ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation) => function switch
    {
        _ when rights.WhyNot(function) is { } why => throw new ArgumentException(why, nameof(rights)),
        CaFunction.CreateRootCa => Created(ca.Settings.Names.RootCa, await new CreateRootCa(ca).RunAsync(cancellation)),
        CaFunction.CreateIssuingCa => Created(ca.Settings.Names.IssuingCa, await new CreateIssuingCa(ca).RunAsync(cancellation)),
        CaFunction.RootCaCrl => await PublishAsync(PublishCrl.OfRoot(ca), cancellation),
        CaFunction.IssuingCaCrl => await PublishAsync(PublishCrl.OfIssuing(ca), cancellation),
        CaFunction.TlsCert when FindSettledEntries.IsAskedBy(utf8) && rights.WhyNot(AccessLevel.Operate) is null => Found(await findSettled.RunAsync(cancellation)),
        CaFunction.TlsCert => Issued(await issue.RunAsync(utf8, rights, cancellation)),
        CaFunction.Expiry => Reminded(await new RemindOfExpiry(ca).RunAsync(cancellation)),
        _ => throw new UnreachableException(),
    };

    private static FunctionAnswer Created(string name, CreateOutcome outcome)
    {
        StepFailedException.ThrowIfFailed(name, outcome);
        return new FunctionAnswer(Nothing, outcome switch
        {
            CreateOutcome.Created => [$"{name} created"],
            CreateOutcome.NoRoot => [$"{name} waits for the root CA"],
            _ => [],
        });
    }

    private static async Task<FunctionAnswer> PublishAsync(PublishCrl publish, CancellationToken cancellation)
    {
        CrlOutcome outcome = await publish.RunAsync(cancellation);
        StepFailedException.ThrowIfFailed(publish.FileKey, outcome);
        return new FunctionAnswer(Nothing, outcome.Problems);
    }

    private static FunctionAnswer Issued(IssueOutcome outcome) => outcome switch
    {
        IssueOutcome.Issued issued => new FunctionAnswer(issued.Json, issued.Warnings)
        {
            Outcome = issued.Repeated ? "repeated" : "issued",
            CommonName = issued.Record.CommonName,
            SerialNumber = issued.Record.SerialNumber.ToString(),
        },
        IssueOutcome.Refused refused => new FunctionAnswer(refused.Json, NotesOf(refused))
        {
            Outcome = "refused",
            CommonName = refused.CommonName is { } name ? Excerpt.Of(name) : null,
        },
        _ => new FunctionAnswer(outcome.Json, []) { Outcome = "chain" },
    };

    // Its text may repeat what was asked.
    private static IReadOnlyList<string> NotesOf(IssueOutcome.Refused refused) => refused.Why.Remark is { } remark
        ? [remark]
        : [$"refused: {refused.Why.Code} {refused.Why.Field}".TrimEnd(), .. refused.Warnings];

    private static FunctionAnswer Found(SettledEntries found) => new(found.Json, found.CutShort is { } why ? [$"not every settled entry is named: {why}"] : []);

    private static FunctionAnswer Reminded(ExpiryOutcome outcome) => new(Nothing, outcome.Problems);
}
