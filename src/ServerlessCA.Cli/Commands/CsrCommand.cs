using System.CommandLine;
using System.Text.Json.Nodes;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary><c>csr</c>: a key and a CSR, for a GitOps folder or another CA. No CA is asked.</summary>
internal sealed class CsrCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly SubjectOptions subject = new();
    private readonly RequestOptions request = new();
    private readonly KeyOptions keys;
    private readonly OutputOptions output;

    private CsrCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        keys = new KeyOptions(here);
        output = new OutputOptions(here, defaultFolder: ".");
    }

    /// <summary>Puts the command together.</summary>
    public static TaughtCommand Create(Surroundings here, GlobalOptions globals)
    {
        var its = new CsrCommand(here, globals);
        var command = new TaughtCommand("csr", "Make a key and a certificate signing request (CSR), and nothing else")
        {
            Explanation = "Writes NAME.csr and NAME-key.pem. Put the CSR into 'csrs' of a GitOps folder and an entry into its tls.json, "
                + "or send it to whoever runs the CA. Keep the key.",
            Examples =
            [
                new("serverless-ca csr --common-name client.example.com", "Makes ./client-cert.csr and ./client-cert-key.pem."),
                new("serverless-ca csr --common-name www.example.com --key-type rsa-3072 --name www --out certs/dev/csrs", "Makes them under another name, with another key, in another folder."),
            ],
        };
        command.Group("Subject", its.subject.All);
        command.Group("Names", its.request.San);
        command.Group("Key", its.keys.All);
        command.Group("Files", its.output.All);
        command.SetAction(its.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        JsonObject json = [];
        subject.Fill(parsed, json);
        if (json[RequestKeys.CommonName] is null)
        {
            throw CommandFault.Usage("the subject has no name", "give one: --common-name client.example.com");
        }

        DistinguishedName name = SubjectOptions.SubjectOf(json);
        SanArgument[] sans = [.. (parsed.GetValue(request.San) ?? []).Select(SanArgument.Of)];
        GeneralName[] names = [.. sans.Select(Required)];
        string? passphrase = await keys.ReadPassphraseAsync(parsed, cancellation);
        CertificateFileSet set = output.FilesOf(parsed);
        using CertificateFiles files = CertificateFiles.Prepare(output.FolderOf(parsed), set);
        using SubjectKey key = keys.Generate(parsed);
        files.StageKey(key, passphrase);
        Tell(parsed, files.WriteRequest(key.Request(name, names)), EntryOf(json, sans, set));
        return ExitCode.Done;
    }

    private void Tell(ParseResult parsed, IReadOnlyList<WrittenFile> written, JsonObject entry)
    {
        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(JsonText.Of(new JsonObject { ["Files"] = WrittenFile.ToJson(written), ["Entry"] = entry }));
            return;
        }

        var facts = new TextTable(columns: 2);
        foreach (WrittenFile file in written)
        {
            facts.Add(file.Label, file.Path);
        }

        here.Terminal.WriteTable(facts);
        here.Terminal.Hint($"an entry of tls.json for it: {entry.ToJsonString()}");
    }

    private static JsonObject EntryOf(JsonObject subject, SanArgument[] sans, CertificateFileSet set)
    {
        var entry = new JsonObject
        {
            [RequestKeys.CommonName] = JsonRequest.Text(subject, RequestKeys.CommonName),
            [RequestKeys.CsrFile] = set.RequestName,
        };
        if (sans.Length > 0)
        {
            entry[RequestKeys.Sans] = new JsonArray([.. sans.Select(san => san.ToJson())]);
        }

        return entry;
    }

    private static GeneralName Required(SanArgument san) => GeneralName.TryParse(san.Type, san.Value, out GeneralName? name, out string? why)
        ? name
        : throw CommandFault.Usage($"--san: {san.Type} '{san.Value}' {why}", "correct the value");
}
