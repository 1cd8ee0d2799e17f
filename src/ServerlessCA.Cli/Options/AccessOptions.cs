using System.CommandLine;
using System.Net.Security;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Served;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Options;

/// <summary>Holds the options of commands that send requests to any CA, and opens the CA.</summary>
internal sealed class AccessOptions(Surroundings here, GlobalOptions globals)
{
    /// <summary>The heading of these options in the help.</summary>
    public const string Title = "Access to a served CA, --ca http(s)://HOST:PORT";

    /// <summary>The environment variable that may hold the token.</summary>
    public const string TokenVariable = "SERVERLESS_CA_TOKEN";

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = $"File with the token that the CA knows you by (default: variable {TokenVariable}, if it is set)",
    };

    private readonly Option<string?> certificate = new("--client-cert") { HelpName = "FILE", Description = "PEM client certificate that the CA knows you by" };

    private readonly Option<string?> key = new("--client-key") { HelpName = "FILE", Description = "Its PEM key (default: in the same file)" };

    private readonly Option<string?> roots = new("--ca-file")
    {
        HelpName = "FILE",
        Description = "PEM certificates to trust for https, instead of the system's",
    };

    /// <summary>All of them, for the help.</summary>
    public IReadOnlyList<Option> All => [tokenFile, certificate, key, roots];

    /// <summary>Adds them to the help of a command.</summary>
    public void AddTo(DocumentedCommand command) => command.Group(Title, All);

    /// <summary>Prepares calls of the API of a served CA; nothing is sent yet.</summary>
    /// <exception cref="CommandFault">An option is not valid.</exception>
    public ServedApi OpenApi(ParseResult parsed, Location.Served served, Action<SslStream>? connected = null) =>
        ServedApi.Open(served, AccessOf(parsed), here.Clock, connected);

    /// <summary>Opens the CA that <c>--ca</c> names.</summary>
    /// <exception cref="CommandFault">The location or an option is not valid, or there is no such local CA.</exception>
    public async Task<IAuthority> OpenAsync(ParseResult parsed, CancellationToken cancellation) => globals.LocationOf(parsed) switch
    {
        Location.Local local => await LocalAuthority.OpenAsync(local.Folder, here.Clock, cancellation),
        Location.Served served => ServedAuthority.Open(served.Address, served.Function, AccessOf(parsed)),
        Location.Aws aws => new CloudAuthority(await CloudCa.OpenAsync(aws, here, cancellation), new RandomSerialSource(), here.Terminal),
        var other => throw new System.Diagnostics.UnreachableException(other.ToString()),
    };

    /// <summary>Returns the credentials for a served CA, and what is trusted.</summary>
    public ServedAccess AccessOf(ParseResult parsed) => new(
        here.Variable(TokenVariable), parsed.GetValue(tokenFile), parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(roots), here.Clock);
}

/// <summary>Opens the CA for commands that read its records.</summary>
internal sealed class InventoryAccess(Surroundings here, GlobalOptions globals, AccessOptions access)
{
    /// <summary>Whether the command reads the index table, too, whose name has to be found out on AWS.</summary>
    public bool WithIndex { get; init; }

    /// <summary>Opens the CA, runs the work with it and closes it.</summary>
    /// <exception cref="CommandFault">There is none, or the location or an option is not valid.</exception>
    /// <exception cref="AuthorityFault">The CA cannot be reached, or does not admit the caller.</exception>
    public async Task<int> UseAsync(ParseResult parsed, Func<ICaRecords, Task<int>> work, CancellationToken cancellation)
    {
        switch (globals.LocationOf(parsed))
        {
            case Location.Served served:
                using (ServedApi api = access.OpenApi(parsed, served))
                {
                    return await work(new ServedRecords(api, here.Clock));
                }

            case Location.Aws aws:
                return await CloudCa.ReadAsync(aws, here, WithIndex, ca => work(new LedgerRecords(ca, here.Clock)), cancellation);
            default:
                using (LocalAuthority ca = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation))
                {
                    return await work(new LedgerRecords(ca, here.Clock));
                }
        }
    }
}
