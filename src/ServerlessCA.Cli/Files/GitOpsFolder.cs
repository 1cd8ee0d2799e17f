using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Cli.Files;

/// <summary>Checks that a folder is a GitOps folder: with a mistyped one a command must neither make a CA nor add a
/// revocation that nobody would ever read.</summary>
internal static class GitOpsFolder
{
    /// <summary>Checks for <c>run</c>, <c>serve</c> and <c>csr</c> that the folder has <c>tls.json</c>.</summary>
    /// <exception cref="CommandFault">The folder is missing or has no such file.</exception>
    public static void ExpectEntries(string folder) => Expect(folder, GitOpsEntries.FileKey);

    /// <summary>Checks for <c>revoke</c> that the folder has <c>tls.json</c> or a list of revoked certificates.</summary>
    /// <exception cref="CommandFault">The folder is missing or has no such file.</exception>
    public static void ExpectLists(string folder) =>
        Expect(folder, GitOpsEntries.FileKey, RevocationEntries.IssuingFileKey, RevocationEntries.RootFileKey);

    /// <summary>Warns if a key would be written where CSRs are collected: into such a folder, just below it, or beside CSRs
    /// without their keys.</summary>
    /// <param name="folder">The folder of the key.</param>
    /// <param name="own">The name of the key's own CSR, which may be there.</param>
    /// <param name="terminal">Where the warning is written.</param>
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
