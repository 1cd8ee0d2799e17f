using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>A CA on AWS that a command works with: found by its names.</summary>
internal sealed class CloudCa : IInventory
{
    private readonly Location.Aws location;

    private CloudCa(Location.Aws location, AwsSession session, TimeProvider clock)
    {
        this.location = location;
        Session = session;
        Ledger = new DynamoDbLedger(session.DynamoDb(), Tables, clock);
    }

    /// <summary>The way to AWS.</summary>
    public AwsSession Session { get; }

    /// <inheritdoc/>
    public ICertificateLedger Ledger { get; }

    /// <inheritdoc/>
    public CaNames Names => location.Names;

    /// <summary>Its tables.</summary>
    public LedgerTables Tables => LedgerTables.Of(Names);

    /// <summary>Opens it; of the CA nothing is looked at yet.</summary>
    /// <exception cref="CommandFault">AWS cannot be called as things are set.</exception>
    public static async Task<CloudCa> OpenAsync(Location.Aws location, Surroundings here, CancellationToken cancellation)
    {
        AwsSession session = await CloudSession.OpenAsync(location, here, cancellation);
        try
        {
            return new CloudCa(location, session, here.Clock);
        }
        catch (SessionUnusableException fault)
        {
            session.Dispose();
            throw CommandFault.Usage(CloudSession.Phrase(fault.Problem), CloudSession.Phrase(fault.Advice));
        }
    }

    /// <summary>Opens it, works with it, tells faults of AWS in its words, and closes it.</summary>
    /// <exception cref="CommandFault">AWS cannot be called as things are set.</exception>
    /// <exception cref="AuthorityFault">AWS said no, or the CA is not there.</exception>
    public static async Task<int> UseAsync(Location.Aws location, Surroundings here, Func<CloudCa, Task<int>> work, CancellationToken cancellation)
    {
        using CloudCa ca = await OpenAsync(location, here, cancellation);
        try
        {
            return await work(ca);
        }
        catch (LedgerUnavailableException fault) when (fault.InnerException is ResourceNotFoundException)
        {
            throw await ca.NotThereAsync("table", ca.Names.Table, fault);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(fault, "allow it to the user or role that the message names", mayBeIssued: false);
        }
    }

    /// <summary>Something that Terraform deploys is not there: the names may be wrong, or region and account.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cause">What AWS said.</param>
    public async Task<AuthorityFault> NotThereAsync(string kind, string name, Exception? cause = null) => new(
        AuthorityFaultKind.NotFound, $"there is no {kind} '{name}' in {await PlaceAsync()}",
        $"check project and environment of '{location.Text}', region and profile; or deploy it: terraform apply", cause: cause);

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    // Whoever may ask nothing else may ask this.
    private async Task<string> PlaceAsync()
    {
        try
        {
            using SignedHttp http = Session.Http(AwsService.Sts);
            return await new StsClient(http).AccountAsync(CancellationToken.None) is { } account ? $"{Session.Region}, account {account}" : Session.Region;
        }
        catch (AwsCallException)
        {
            return Session.Region;
        }
    }
}
