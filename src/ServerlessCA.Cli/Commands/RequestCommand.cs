using System.CommandLine;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>request</c>, which makes a key, gets a certificate for it and writes both to files.</summary>
internal sealed class RequestCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly SubjectOptions subject = new();
    private readonly RequestOptions request = new();
    private readonly KeyOptions keys;
    private readonly KeySource source;
    private readonly OutputOptions output;
    private readonly AccessOptions access;

    private readonly Option<string?> csr = new("--csr")
    {
        HelpName = "FILE",
        Description = "A CSR to use, PEM or DER, or - for standard input, instead of making a key; then only the certificate and the CA bundle are written",
    };

    private RequestCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        keys = new KeyOptions(here);
        source = new KeySource(here, globals, keys);
        output = new OutputOptions(here);
        access = new AccessOptions(here, globals);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new RequestCommand(here, globals);
        var command = new DocumentedCommand("request", "Make a key, get a certificate for it, and write both to files")
        {
            Explanation = "Writes NAME.pem (the certificate), NAME-key.pem (its key, for your eyes only), ca-bundle.pem (issuing CA and root CA) "
                + "and NAME-combined.pem (key, certificate and CAs in one file) into the folder; files of these names are replaced, all together, if they are those of the same subject. "
                + "The key stays here: the CA sees a CSR.",
            Examples =
            [
                new("serverless-ca request --common-name client.example.com", "Makes ~/certs/client-cert.pem and the files beside it."),
                new("serverless-ca request --common-name www.example.com --purpose server_auth --san example.com,192.0.2.7 --lifetime 90 --out /etc/www --name server",
                    "Makes /etc/www/server.pem and the like for a web server with three names."),
                new("serverless-ca request --csr partner.csr --common-name partner.example.com --out .", "Gets a certificate for somebody else's CSR."),
            ],
        };
        command.Group("Subject", self.subject.All);
        command.Group("Certificate", self.request.Contents);
        command.Group("Key", [.. self.keys.All, self.source.Kms, self.csr]);
        command.Group("Files", [.. self.output.OfCertificates, self.output.Replacing]);
        command.Group("Handling", self.request.Handling);
        command.Group(AccessOptions.Title, self.access.All);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        CertificateRequest wanted = await ReadAsync(parsed, cancellation);
        bool hasCsr = RequestInput.HasCsr(wanted);
        if (hasCsr && source.IsGiven(parsed))
        {
            throw CommandFault.Usage("options of a new key are given together with a CSR", "leave out either of them");
        }

        source.Check(parsed);
        (wanted, string? added) = request.AddCommonName(parsed, wanted);
        CertificateFileSet set = output.FilesOf(parsed, commonName: null);
        string? passphrase = hasCsr ? null : await keys.ReadPassphraseAsync(parsed, cancellation);
        set.Forms.Check(hasCsr, passphrase);
        DistinguishedName? name = hasCsr ? null : SubjectOptions.SubjectOf(wanted);
        using IAuthority ca = await access.OpenAsync(parsed, cancellation);
        return await new CertificateOrder(wanted, output.FolderOf(parsed), set)
        {
            Subject = name,
            MakeKey = hasCsr ? null : stop => source.MakeAsync(parsed, stop),
            Passphrase = passphrase,
            Added = added,
            EarlierOf = requested => output.EarlierOf(parsed, set, requested.CommonName, requested.Subject),
        }.RunAsync(ca, here, globals.IsJson(parsed), cancellation);
    }

    private async Task<CertificateRequest> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        (string? file, string? path) = (parsed.GetValue(request.File), parsed.GetValue(csr));
        if (file == AnyInput.Standard && path == AnyInput.Standard)
        {
            throw CommandFault.Usage("--file and --csr are both standard input", "name a file for one of them");
        }

        keys.ExpectInputBeside(parsed, file);

        CertificateRequest start = file is null ? new() : await RequestFile.ReadAsync(file, here, cancellation);
        CertificateRequest wanted = request.Fill(parsed, subject.Fill(parsed, start));
        if (path is not null)
        {
            wanted = wanted with { Csr = await RequestInput.ReadCsrAsync(path, here, cancellation) };
        }

        if (wanted.CaChainOnly)
        {
            throw CommandFault.Usage("the request asks for the CA chain alone", "use 'serverless-ca chain'");
        }

        wanted = RequestInput.WithName(wanted);
        return RequestWriter.Has(wanted, RequestKeys.CommonName) || RequestWriter.Has(wanted, RequestKeys.CsrFile)
            ? wanted
            : throw CommandFault.Usage("the subject has no name", "give one: --common-name client.example.com");
    }
}
