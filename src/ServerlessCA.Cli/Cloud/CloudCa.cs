using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using ServerlessCA.Aws;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Aws.Sts;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Opens a CA on AWS for a command, which it finds by names, account or the ARN of its function.</summary>
internal sealed class CloudCa : IDisposable
{
    private readonly Location.Aws location;
    private DeployedFunction? issuer;

    private CloudCa(Location.Aws location, Surroundings here, AwsSession session, bool isReader)
    {
        this.location = location;
        Session = session;
        IsReader = isReader;
        Tables = new CloudTables(this, location, here);
    }

    /// <summary>The session with AWS.</summary>
    public AwsSession Session { get; }

    /// <summary>The names of the CA's deployment.</summary>
    public CaNames Names => location.Names;

    /// <summary>The names of the CA's tables.</summary>
    public CloudTables Tables { get; }

    /// <summary>Whether the session has the role that reads the table from other accounts.</summary>
    public bool IsReader { get; }

    /// <summary>The function that issues, as calls name it: by its name in the caller's own account, else by its
    /// ARN; with the alias of the policy that the location names.</summary>
    public string Issuer => location switch
    {
        { Function: { } function } => location.Policy is { } policy ? function.By(policy).Text : function.Text,
        { Account: { } account } => $"{FunctionArn.Of(Session.Partition, Session.Region, account, IssuerName).Text}{Alias}",
        _ => $"{IssuerName}{Alias}",
    };

    /// <summary>The name of that function alone.</summary>
    public string IssuerName => location.Function?.Name ?? Names.Function(CaFunction.TlsCert);

    /// <summary>What follows the function's name when a policy binds the caller; empty when none does.</summary>
    public string Alias => location.Policy is { } policy ? $":{policy}" : "";

    /// <summary>Opens a session; nothing of the CA is read yet.</summary>
    /// <exception cref="CommandFault">Region, profile or credentials are missing or not valid.</exception>
    public static Task<CloudCa> OpenAsync(Location.Aws location, Surroundings here, CancellationToken cancellation) =>
        OpenAsync(location, here, reader: null, cancellation);

    /// <summary>Opens a session with credentials of the CA's own account.</summary>
    /// <exception cref="CommandFault">Region, profile or credentials are missing or not valid, or the credentials are of
    /// another account.</exception>
    /// <exception cref="AuthorityFault">It could not be found out whose credentials they are.</exception>
    public static async Task<CloudCa> OpenOwnAsync(Location.Aws location, Surroundings here, CancellationToken cancellation)
    {
        CloudCa ca = await OpenAsync(location, here, cancellation);
        try
        {
            return await CloudAccount.IsForeignAsync(ca, location, cancellation) ? throw CloudAccount.Foreign(location) : ca;
        }
        catch
        {
            ca.Dispose();
            throw;
        }
    }

    /// <summary>Opens a session in the CA's own account, runs the work with it, translates faults of AWS, and closes
    /// it.</summary>
    /// <exception cref="CommandFault">Region, profile or credentials are missing or not valid, or the credentials are of
    /// another account.</exception>
    /// <exception cref="AuthorityFault">A call of AWS failed, or the CA is not there.</exception>
    public static async Task<int> UseAsync(Location.Aws location, Surroundings here, Func<CloudCa, Task<int>> work, CancellationToken cancellation)
    {
        using CloudCa ca = await OpenOwnAsync(location, here, cancellation);
        return await ca.WorkAsync(() => work(ca));
    }

    /// <summary>Opens the CA's table for reading, from other accounts through a role, runs the work with it, and closes
    /// it.</summary>
    /// <exception cref="CommandFault">Region, profile or credentials are missing or not valid.</exception>
    /// <exception cref="AuthorityFault">A call of AWS failed, or the CA is not there.</exception>
    public static async Task<int> ReadAsync(
        Location.Aws location, Surroundings here, bool withIndex, Func<IInventory, Task<int>> work, CancellationToken cancellation)
    {
        using CloudCa caller = await OpenAsync(location, here, cancellation);
        bool isForeign = await CloudAccount.IsForeignAsync(caller, location, cancellation);
        using CloudCa? reader = isForeign
            ? await OpenAsync(location, here, await CloudAccount.ReaderAsync(caller, location, cancellation), cancellation)
            : null;
        CloudCa ca = reader ?? caller;
        return await ca.WorkAsync(async () =>
        {
            using var inventory = new CloudInventory(ca, await ca.Tables.FindAsync(withIndex, cancellation), here.Clock);
            return await work(inventory);
        });
    }

    /// <summary>Reads the configuration of the function that issues, once; null when there is no such function.</summary>
    /// <exception cref="AwsCallException">It cannot be read.</exception>
    public async Task<DeployedFunction?> IssuerAsync(CancellationToken cancellation)
    {
        using SignedHttp http = Session.Http(AwsService.Lambda);
        return issuer ??= await new LambdaClient(http).GetConfigurationAsync(Issuer, cancellation);
    }

    /// <summary>Builds the fault that something deployed by Terraform is not there: the names may be wrong, or region and
    /// account.</summary>
    /// <param name="kind">The kind of thing, such as "function".</param>
    /// <param name="name">The name that was looked for.</param>
    /// <param name="cause">The exception of the call; null when there is none.</param>
    public async Task<AuthorityFault> NotThereAsync(string kind, string name, Exception? cause = null) => new(
        AuthorityFaultKind.NotFound, $"there is no {kind} '{name}' in {await PlaceAsync()}",
        kind == "table" && Tables.Advice is { } advice
            ? $"check project and environment of '{location.Text}', region and profile; {advice}"
            : $"check project and environment of '{location.Text}', region and profile; or deploy it: terraform apply",
        cause: cause);

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private static async Task<CloudCa> OpenAsync(Location.Aws location, Surroundings here, AWSCredentials? reader, CancellationToken cancellation)
    {
        AwsSession session = await CloudSession.OpenAsync(location, here, reader, cancellation);
        try
        {
            return new CloudCa(location, here, session, reader is not null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private async Task<int> WorkAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (LedgerUnavailableException fault) when (fault.InnerException is ResourceNotFoundException)
        {
            throw await NotThereAsync("table", Tables.Certificates, fault);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(fault, "allow it to the user or role that the message names", mayBeIssued: false);
        }
    }

    // Every caller may ask for its own account.
    private async Task<string> PlaceAsync()
    {
        if (location.Account is { } named)
        {
            return $"{Session.Region}, account {named}";
        }

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
