using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Files;

/// <summary>Looks whether a folder is the one that somebody meant: a mistyped one must neither make a CA nor take a
/// revocation that nobody would ever read.</summary>
internal static class GitOpsFolder
{
    /// <summary>For <c>run</c>: it has <c>tls.json</c>.</summary>
    /// <exception cref="CommandFault">It is none.</exception>
    public static void ExpectEntries(string folder) => Expect(folder, GitOpsEntries.FileKey);

    /// <summary>For <c>revoke</c>: it has <c>tls.json</c>, or lists of what is revoked.</summary>
    /// <exception cref="CommandFault">It is none.</exception>
    public static void ExpectLists(string folder) =>
        Expect(folder, GitOpsEntries.FileKey, RevocationEntries.IssuingFileKey, RevocationEntries.RootFileKey);

    private static void Expect(string folder, params string[] anyOf)
    {
        if (!Directory.Exists(folder))
        {
            throw CommandFault.Usage($"there is no folder '{folder}'", "name the folder that holds tls.json, such as certs/dev");
        }

        if (!anyOf.Any(name => File.Exists(Path.Combine(folder, name))))
        {
            throw CommandFault.Usage(
                $"there is no {GitOpsEntries.FileKey} in '{folder}'", "name the folder that holds it, or write one: [] lists no certificates");
        }
    }
}
