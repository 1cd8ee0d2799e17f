using System.CommandLine;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>csr</c>, which makes a key and a CSR for a GitOps folder or another CA. It calls no CA.</summary>
internal sealed class CsrCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly SubjectOptions subject = new();
    private readonly RequestOptions request = new();
    private readonly KeyOptions keys;
    private readonly OutputOptions output;

    private readonly Option<string?> folder = new("--folder")
    {
        HelpName = "FOLDER",
        Description = "A GitOps folder to ask in, such as certs/dev: the CSR goes into its csrs, and an entry into its tls.json; the key stays in --out",
    };

    private CsrCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        keys = new KeyOptions(here);
        output = new OutputOptions(here, isNamedAfterSubject: true);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new CsrCommand(here, globals);
        var command = new DocumentedCommand("csr", "Make a key and a certificate signing request (CSR), and nothing else")
        {
            Explanation = "Writes NAME.csr and NAME-key.pem, for its owner only. With --folder the CSR goes into a GitOps folder, with an entry "
                + "that asks for what the options say; otherwise put both there yourself, or send the CSR to whoever runs the CA. Keep the key, and out of repositories: a key that is there is not replaced unasked, as its certificate may be in use or under way.",
            Examples =
            [
                new("serverless-ca csr --common-name client.example.com", "Makes ~/certs/client.example.com.csr and the key beside it."),
                new("serverless-ca csr --common-name www.example.com --purpose server_auth --san example.com --lifetime 90 --folder certs/dev",
                    "Asks for a server's certificate by pull request: makes certs/dev/csrs/www.example.com.csr, adds an entry to certs/dev/tls.json; the key is in ~/certs."),
            ],
        };
        command.Group("Subject", self.subject.All);
        command.Group("Certificate, in the entry of tls.json", self.request.Contents);
        command.Group("Key", self.keys.All);
        command.Group("Files", [.. self.output.All, self.folder, self.output.Replacing]);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        CertificateRequest wanted = subject.Fill(parsed, new CertificateRequest());
        if (wanted.CommonName is not { } commonName)
        {
            throw CommandFault.Usage("the subject has no name", "give one: --common-name client.example.com");
        }

        DistinguishedName name = SubjectOptions.SubjectOf(wanted);
        (wanted, string? added) = request.AddCommonName(parsed, request.Fill(parsed, wanted));
        var requested = RequestedContents.Of(wanted);
        string? passphrase = await keys.ReadPassphraseAsync(parsed, cancellation);
        CertificateFileSet set = output.FilesOf(parsed, commonName);
        JsonObject entry = RequestedEntry.Of(wanted, set);
        using RequestedEntry? list = parsed.GetValue(folder) is { } path ? RequestedEntry.Open(HomeFolder.Expand(path, here), entry) : null;
        string place = output.FolderOf(parsed);
        EarlierFiles? earlier = output.EarlierOfRequest(parsed, set, commonName, list is { IsThere: true });
        list?.ExpectOurs(earlier, set);
        string[] names = list is null ? [set.RequestName, set.KeyName] : [set.KeyName];
        using CertificateFiles files = CertificateFiles.Prepare(place, set, names, earlier, list is null ? [] : [list.PathOf(set)]);
        GitOpsFolder.WarnOfKeyIn(place, set.RequestName, here.Terminal);
        using SubjectKey key = keys.Generate(parsed);
        files.StageKey(key, passphrase);
        string csr = key.Request(name, requested.HasSans ? requested.Sans : []);
        IReadOnlyList<WrittenFile> written = list is null ? files.WriteRequest(csr) : files.WriteRequest(csr, list);
        bool isNew = list is not null && await list.AddAsync(cancellation);
        if (requested.MissingName is { } warning)
        {
            here.Terminal.Warning(warning);
        }

        new CsrReport(written, entry, list?.ListPath, isNew, added).Write(here.Terminal, globals.IsJson(parsed));
        return ExitCode.Done;
    }
}

/// <summary>Holds what <c>csr</c> made, and writes it. Immutable.</summary>
/// <param name="Written">The files that were written.</param>
/// <param name="Entry">The entry of <c>tls.json</c>.</param>
/// <param name="List">The list that has the entry; null when it is only shown.</param>
/// <param name="IsNew">Whether the entry was added by this command.</param>
/// <param name="Added">The common name that was added to the alternative names; null when none was.</param>
internal sealed record CsrReport(IReadOnlyList<WrittenFile> Written, JsonObject Entry, string? List, bool IsNew, string? Added)
{
    /// <summary>Writes the report.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Write(JsonText.Of(Json()));
            return;
        }

        var facts = new TextTable(columns: 2);
        foreach (WrittenFile file in Written)
        {
            facts.Add(file.Label, file.Path);
        }

        if (List is not null)
        {
            facts.Add("Entry", IsNew ? $"added to {List}" : $"in {List} already, left as it is");
        }

        if (Added is not null)
        {
            facts.Add(RequestReport.AddedLabel, RequestReport.Reason(Added));
        }

        terminal.WriteTable(facts);
        if (List is null)
        {
            terminal.Hint($"an entry of tls.json for it: {Entry.ToJsonString()}");
        }
    }

    private JsonObject Json()
    {
        var json = new JsonObject { ["Files"] = WrittenFile.ToJson(Written), [nameof(Entry)] = Entry };
        if (List is not null)
        {
            json[nameof(List)] = Path.GetFullPath(List);
            json[nameof(IsNew)] = IsNew;
        }

        if (Added is not null)
        {
            json["AddedName"] = Added;
        }

        return json;
    }
}
