using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Files;

/// <summary>Looks whether a folder is the one that somebody meant: a mistyped one must neither make a CA nor take a
/// revocation that nobody would ever read.</summary>
internal static class GitOpsFolder
{
    /// <summary>For <c>run</c> and <c>csr</c>: it has <c>tls.json</c>.</summary>
    /// <exception cref="CommandFault">It is none.</exception>
    public static void ExpectEntries(string folder) => Expect(folder, GitOpsEntries.FileKey);

    /// <summary>For <c>revoke</c>: it has <c>tls.json</c>, or lists of what is revoked.</summary>
    /// <exception cref="CommandFault">It is none.</exception>
    public static void ExpectLists(string folder) =>
        Expect(folder, GitOpsEntries.FileKey, RevocationEntries.IssuingFileKey, RevocationEntries.RootFileKey);

    /// <summary>Tells that a key would be where CSRs are collected: in such a folder, just below it, or where there are CSRs
    /// without their keys.</summary>
    /// <param name="folder">Where the key is written.</param>
    /// <param name="own">The name of its own CSR, which may be there.</param>
    /// <param name="terminal">Gets the warning.</param>
    public static void WarnOfKeyIn(string folder, string own, Terminal terminal)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        bool isPart = File.Exists(Path.Combine(path, GitOpsEntries.FileKey))
            || (Path.GetDirectoryName(path) is { } parent && File.Exists(Path.Combine(parent, GitOpsEntries.FileKey)));
        if (isPart || (Directory.Exists(path) && Directory.EnumerateFiles(path, "*.csr").Any(csr => IsAlone(csr, own))))
        {
            terminal.Warning($"the key lands in '{folder}', beside CSRs: whoever gets them gets it, too; keep keys elsewhere, --out FOLDER");
        }
    }

    private static bool IsAlone(string csr, string own) =>
        Path.GetFileName(csr) != own && !File.Exists($"{Path.ChangeExtension(csr, null)}-key.pem");

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
