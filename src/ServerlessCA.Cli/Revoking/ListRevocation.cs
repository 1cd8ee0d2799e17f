using System.Text.RegularExpressions;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Revoking;

/// <summary>Adds to the list of a GitOps folder; the ledger is not touched.</summary>
/// <param name="folder">The folder.</param>
/// <param name="names">Those of the CA; null when no CA is at hand.</param>
internal sealed partial class ListRevocation(string folder, CaNames? names)
{
    /// <summary>Adds an entry.</summary>
    /// <returns>The list, and whether it was changed.</returns>
    /// <exception cref="CommandFault">It cannot be revoked, or nobody can tell by which list.</exception>
    public async Task<(string File, bool Added)> RunAsync(RevocationEntry entry, CancellationToken cancellation)
    {
        string key = KeyFor(entry.CommonName);
        bool added = await new FolderRevocationLists(folder).AddAsync(key, entry, cancellation);
        return (Path.Combine(folder, key), added);
    }

    private string KeyFor(string commonName)
    {
        if (names?.IsReserved(commonName) == true)
        {
            Refusing.Check(names, commonName);
            return RevocationEntries.FileKeyFor(names, commonName);
        }

        // In the wrong list it would be skipped, and stay good.
        return LooksLikeCa().IsMatch(commonName)
            ? throw CommandFault.Usage(
                $"'{commonName}' looks like a CA, but not like one of {(names is null ? "a CA at hand" : $"{names.RootCa} and {names.IssuingCa}")}",
                "name its CA with --ca local:FOLDER: CAs have a list of their own")
            : RevocationEntries.IssuingFileKey;
    }

    [GeneratedRegex("-(root|issuing)-ca(-|$)")]
    private static partial Regex LooksLikeCa();
}
