using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Commands;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Gets one certificate and writes its files, for <c>request</c> and <c>renew</c>: the key is on the disk before the
/// request is sent, the answer is checked, and then all files are put in place together. Immutable.</summary>
/// <param name="Request">The request, with a CSR unless a key is made.</param>
/// <param name="Folder">The folder of the files.</param>
/// <param name="Set">Their names and forms.</param>
internal sealed record CertificateOrder(CertificateRequest Request, string Folder, CertificateFileSet Set)
{
    /// <summary>Makes the key; null when the request has a CSR.</summary>
    public Func<CancellationToken, Task<SubjectKey>>? MakeKey { get; init; }

    /// <summary>The subject of the CSR for that key; null when the request has a CSR.</summary>
    public DistinguishedName? Subject { get; init; }

    /// <summary>The passphrase of that key's files; null when they are not encrypted.</summary>
    public string? Passphrase { get; init; }

    /// <summary>The common name that was added to the alternative names; null when none was.</summary>
    public string? Added { get; init; }

    /// <summary>Says whose files may be replaced; it returns null when any may.</summary>
    public required Func<RequestedContents, EarlierFiles?> EarlierOf { get; init; }

    /// <summary>Sends the request, writes the files and reports them.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFault">The answer does not fit, or the files cannot be written.</exception>
    public async Task<int> RunAsync(IAuthority ca, Surroundings here, bool json, CancellationToken cancellation)
    {
        CertificateRequest wanted = Request;
        var requested = RequestedContents.Of(wanted);
        using CertificateFiles files = CertificateFiles.Prepare(Folder, Set, Set.NamesOf(withKey: MakeKey is not null), EarlierOf(requested));
        if (MakeKey is not null)
        {
            GitOpsFolder.WarnOfKeyIn(Folder, Set.RequestName, here.Terminal);
            using SubjectKey made = await MakeKey(cancellation);
            files.StageKey(made, Passphrase);
            wanted = wanted with { Csr = new CsrSource.PemText(made.Request(Subject!, [])) };
            requested = RequestedContents.Of(wanted);
        }

        try
        {
            return await ca.RequestAsync(wanted, cancellation) switch
            {
                AuthorityAnswer.Given given => Finish(given, requested, files, here, json),
                AuthorityAnswer.Rejected refused => Refusal.Write(here.Terminal, refused, json),
                _ => throw new UnreachableException(),
            };
        }
        catch (Exception fault) when (MayBeIssued(fault) && files.LeaveKey() is { } keyPath)
        {
            throw CommandFault.Fault(
                fault.Message, $"'serverless-ca list' shows whether the certificate was issued; its key is kept in '{keyPath}'", fault);
        }
    }

    // A fault that is not known to have happened before the certificate was issued may have happened after it.
    private static bool MayBeIssued(Exception fault) => fault switch
    {
        AuthorityFault asking => asking.MayBeIssued,
        CommandFault known => known.ExitCode == ExitCode.Fault,
        _ => true,
    };

    private int Finish(AuthorityAnswer.Given given, RequestedContents requested, CertificateFiles files, Surroundings here, bool json)
    {
        var answer = Answer.Read(given.Json);
        AnswerCheck.Check(answer, requested, here.Clock.GetUtcNow());
        var report = new RequestReport(given, answer, files.Write(answer), Added is not null && AnswerCheck.HasName(answer, Added) ? Added : null);
        foreach (string warning in answer.Warnings.Concat(AnswerCheck.Shortened(answer, requested.Request)).Concat(AnswerCheck.LeftOut(answer, requested)))
        {
            here.Terminal.Warning(warning);
        }

        if (files.IsOpenToWriters)
        {
            here.Terminal.Warning($"others may replace files in '{Folder}'");
        }

        report.Write(here, json);
        return ExitCode.Done;
    }
}

/// <summary>Holds what <c>request</c> got and wrote, and writes the report. Immutable.</summary>
/// <param name="Given">The answer as it came.</param>
/// <param name="Answer">The same answer, read and checked.</param>
/// <param name="Written">The files that were written.</param>
/// <param name="Added">The common name that was added to the alternative names; null when none was.</param>
internal sealed record RequestReport(AuthorityAnswer.Given Given, Answer Answer, IReadOnlyList<WrittenFile> Written, string? Added)
{
    /// <summary>The label of the row about an added name.</summary>
    public const string AddedLabel = "Name added";

    /// <summary>Explains why a name was added, and how to leave it out.</summary>
    public static string Reason(string added) => $"{added} (the common name; {CommonNameSan.Without} leaves it out)";

    /// <summary>Writes the report.</summary>
    public void Write(Surroundings here, bool json)
    {
        if (json)
        {
            here.Terminal.Write(Answer.Indented(Given.Json, AddTo));
        }
        else
        {
            here.Terminal.WriteTable(Facts(here.Clock.GetUtcNow()));
        }
    }

    private void AddTo(JsonObject answered)
    {
        answered["Files"] = WrittenFile.ToJson(Written);
        if (Added is not null)
        {
            answered["AddedName"] = Added;
        }
    }

    private TextTable Facts(DateTimeOffset now)
    {
        DateTimeOffset expires = Answer.Certificate.NotAfter;
        double days = Math.Round((expires - now).TotalDays);
        TextTable facts = new TextTable(columns: 2)
            .Add(Given.Repeated ? "Issued before" : "Issued", Answer.Subject)
            .Add("Serial number", Answer.Certificate.SerialNumber.ToString())
            .Add("Expires", string.Create(CultureInfo.InvariantCulture, $"{TableTime.Text(expires)} UTC, in {days} days"));
        if (Added is not null)
        {
            facts.Add(AddedLabel, Reason(Added));
        }

        foreach (WrittenFile file in Written)
        {
            facts.Add(file.Label, file.Path);
        }

        return facts;
    }
}
