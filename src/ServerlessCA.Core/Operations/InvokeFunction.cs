using System.Diagnostics;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;

namespace ServerlessCA.Core.Operations;

/// <summary>Runs one function as the original's callers know it: an event in, JSON out (contract sections 4 and 5). Faults
/// are exceptions, refusals are answers. Calls may run concurrently.</summary>
/// <param name="ca">The CA.</param>
/// <param name="search">Looks for entries that need no call; null: with the CA's own stores.</param>
/// <param name="tell">Hears each fact as it becomes known, also when the function ends failed; null: nobody. Must not throw.</param>
public sealed class InvokeFunction(Deployment ca, FindSettledEntries? search = null, Action<OperationFact>? tell = null)
{
    private readonly IssueCertificate issue = new(ca);
    private readonly FindSettledEntries findSettled = search ?? new(ca, ca.InternalFiles);

    /// <summary>Runs it once, for whoever runs the CA.</summary>
    /// <param name="function">Which; not <see cref="CaFunction.Notify"/>, which is Slack's.</param>
    /// <param name="utf8">The event, JSON.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    /// <exception cref="StepFailedException">Done in part, and somebody has to mend something.</exception>
    /// <exception cref="Ports.LedgerUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Ports.CaKeyUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Ports.FilesUnavailableException">As the use cases tell.</exception>
    /// <exception cref="Settings.InvalidSettingsException">The CA's settings cannot be used; nothing was done.</exception>
    public Task<OperationResult> RunAsync(CaFunction function, ReadOnlyMemory<byte> utf8, CancellationToken cancellation) =>
        RunAsync(function, utf8, CallerRights.Everything, cancellation);

    /// <summary>Runs it once, for a caller with rights of its own. Throws what it throws for whoever runs the CA.</summary>
    /// <param name="function">Which; the caller may run it.</param>
    /// <param name="utf8">The event, JSON.</param>
    /// <param name="rights">The caller's.</param>
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
            tell?.Invoke(fact);
        }

        return result.Failure is { } failure ? throw new StepFailedException(failure) : result;
    }

    /// <summary>Runs it once as a step of a run: that it ended failed is a result. Throws faults as the others do.</summary>
    /// <param name="function">Which; not tls-cert, whose step is a call for every entry.</param>
    /// <param name="cancellation">Stops before anything is stored, or not at all.</param>
    internal Task<OperationResult> CarryOutAsync(CaFunction function, CancellationToken cancellation) =>
        CarryOutAsync(function, default, CallerRights.Everything, cancellation);

    private async Task<OperationResult> CarryOutAsync(
        CaFunction function, ReadOnlyMemory<byte> utf8, CallerRights rights, CancellationToken cancellation) => function switch
    {
        CaFunction.CreateRootCa => Outcomes.Of(ca.Settings.Names.RootCa, await new CreateRootCa(ca).RunAsync(cancellation)),
        CaFunction.CreateIssuingCa => Outcomes.Of(ca.Settings.Names.IssuingCa, await new CreateIssuingCa(ca).RunAsync(cancellation)),
        CaFunction.RootCaCrl => await PublishAsync(PublishCrl.OfRoot(ca), utf8, cancellation),
        CaFunction.IssuingCaCrl => await PublishAsync(PublishCrl.OfIssuing(ca), utf8, cancellation),
        CaFunction.TlsCert when FunctionEvent.AsksForSettledEntries(utf8) && rights.WhyNot(AccessLevel.Operate) is null =>
            Outcomes.Of(await findSettled.RunAsync(cancellation)),
        CaFunction.TlsCert => Outcomes.Of(await issue.RunAsync(utf8, rights, cancellation)),
        CaFunction.Expiry => Outcomes.Of(await new RemindOfExpiry(ca).RunAsync(cancellation)),
        _ => throw new UnreachableException(),
    };

    private async Task<OperationResult> PublishAsync(PublishCrl publish, ReadOnlyMemory<byte> utf8, CancellationToken cancellation) => Outcomes.Of(
        publish.FileKey,
        await publish.RunAsync(crl => tell?.Invoke(Outcomes.InPlace(crl)), cancellation),
        FunctionEvent.IsScheduled(utf8));
}
