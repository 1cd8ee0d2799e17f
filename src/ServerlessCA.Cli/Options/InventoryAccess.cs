using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;

namespace ServerlessCA.Cli.Options;

/// <summary>Opens the CA for commands that look into what it remembers.</summary>
internal sealed class InventoryAccess(Surroundings here, GlobalOptions globals)
{
    /// <summary>Opens it, works with it and closes it.</summary>
    /// <exception cref="CommandFault">A CA behind HTTP does not do that, or there is none.</exception>
    public async Task<int> UseAsync(ParseResult parsed, Func<IInventory, Task<int>> work, CancellationToken cancellation)
    {
        if (globals.OwnLocationOf(parsed) is Location.Aws aws)
        {
            return await CloudCa.ReadAsync(aws, here, work, cancellation);
        }

        using LocalAuthority ca = await LocalAuthority.OpenAsync(globals.FolderOf(parsed), here.Clock, cancellation);
        return await work(ca);
    }
}
