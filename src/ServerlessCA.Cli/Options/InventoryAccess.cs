using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;

namespace ServerlessCA.Cli.Options;

/// <summary>Opens the CA for commands that look into what it remembers.</summary>
internal sealed class InventoryAccess(Surroundings here, GlobalOptions globals)
{
    /// <summary>Opens it, works with it and closes it.</summary>
    /// <exception cref="CommandFault">A CA behind HTTP does not show what it remembers, or there is none.</exception>
    public async Task<int> UseAsync(ParseResult parsed, Func<IInventory, Task<int>> work, CancellationToken cancellation)
    {
        switch (globals.LocationOf(parsed))
        {
            case Location.Aws aws:
                return await CloudCa.UseAsync(aws, here, work, cancellation);
            case Location.Local local:
                using (LocalAuthority ca = await LocalAuthority.OpenAsync(local.Folder, here.Clock, cancellation))
                {
                    return await work(ca);
                }

            default:
                throw CommandFault.Usage(
                    "a CA behind HTTP does not show its certificates", $"name the CA itself: --ca local:FOLDER, or --ca {AwsLocation.Prefix}PROJECT/ENV");
        }
    }
}
