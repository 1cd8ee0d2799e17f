using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Planning;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Served;

/// <summary>Has a CA behind HTTP plan a run over a GitOps folder of this machine: its lists are sent as they are, with the CSRs that
/// they name, and nothing else of the folder.</summary>
internal static class ServedPlan
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(10); // our decision: plans wait for each other

    /// <summary>Sends the folder, and reads the plan.</summary>
    /// <param name="api">The calls.</param>
    /// <param name="folder">The GitOps folder.</param>
    /// <param name="how">What is wanted of the plan.</param>
    /// <param name="warn">Gets what is wrong with a file that is not sent.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFault">A file cannot be sent.</exception>
    /// <exception cref="AuthorityFault">The CA cannot be reached, or does not admit the caller.</exception>
    public static async Task<Plan> AgainstAsync(
        ServedApi api, string folder, PlanOptions how, Action<string> warn, CancellationToken cancellation)
    {
        how.Progress("reading the folder", 0, 0);
        byte[] json = await BodyAsync(folder, how.Targets, warn, cancellation);
        how.Progress("waiting for the CA's plan", 0, 0);
        return await api.PostAsync("plan", json, AnswerTimeout, PlanDocument.Read, cancellation);
    }

    private static async Task<byte[]> BodyAsync(string folder, IReadOnlyList<LintTarget> targets, Action<string> warn, CancellationToken cancellation)
    {
        var files = new FolderInternalFiles(folder);
        var lists = new List<(string Member, string Text)>();
        foreach ((string member, string key) in PlannedFilesDocument.Lists)
        {
            if ((await TextAsync(files, folder, key, cancellation) ?? (member == PlannedFilesDocument.Tls ? "[]" : null)) is { } text)
            {
                lists.Add((member, text));
            }
        }

        var csrs = new List<(string Name, string Text)>();
        foreach (string name in (await GitOpsEntries.ReadAsync(files, cancellation)).CsrFiles)
        {
            if (await CsrAsync(files, folder, name, warn, cancellation) is { } text)
            {
                csrs.Add((name, text));
            }
        }

        return JsonText.Utf8(writer => PlannedFilesDocument.Write(writer, lists, csrs, targets));
    }

    // A file that no run could read is missing for the CA, which says so of the entry, but not why.
    private static async Task<string?> CsrAsync(
        FolderInternalFiles files, string folder, string name, Action<string> warn, CancellationToken cancellation)
    {
        try
        {
            string? text = await TextAsync(files, folder, GitOpsEntries.CsrKey(name), cancellation);
            return text?.Contains("PRIVATE KEY", StringComparison.Ordinal) != true ? text : throw CommandFault.Fault(
                $"'{Path.Combine(folder, GitOpsEntries.CsrKey(name))}' holds a private key, which is sent to nobody", "put the CSR there instead, and make a new key: this one may have been seen");
        }
        catch (FilesUnavailableException fault) when (fault.IsUnfit)
        {
            warn($"not sent: {fault.Message}");
            return null;
        }
    }

    private static async Task<string?> TextAsync(FolderInternalFiles files, string folder, string key, CancellationToken cancellation)
    {
        if (await files.ReadAsync(key, cancellation) is not { } file)
        {
            return null;
        }

        return TextFile.TryRead(file.Content.Span, out string? text, out TextFault? why)
            ? text
            : throw CommandFault.Fault($"'{Path.Combine(folder, key)}' cannot be sent: {why}", "mend the file");
    }
}
