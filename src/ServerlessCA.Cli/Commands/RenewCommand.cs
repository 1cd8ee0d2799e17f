using System.CommandLine;
using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Renewing;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Renewals;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>renew</c>, which replaces a certificate and its key by new ones of the same contents.</summary>
internal sealed class RenewCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly RequestOptions request = new();
    private readonly PassphraseOptions passphrase;
    private readonly OutputOptions output;
    private readonly AccessOptions access;
    private readonly RenewalCheck check;

    private readonly Argument<string> file = new("FILE") { Description = "The file of the certificate, as 'request' wrote it: NAME.pem" };

    private readonly Option<bool> ifNeeded = new("--if-needed") { Description = "Do nothing while it need not be renewed, as 'needs-renewal' says" };

    private readonly Option<string?> keyType = Choice.Of(
        "--key-type", "TYPE", $"Kind of the new key: {string.Join(", ", SubjectKeyType.Names)} (default: that of FILE)", SubjectKeyType.Names);

    private RenewCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        passphrase = new PassphraseOptions(here, "--key-passphrase", "to encrypt the new key file with; needed when that of the old one is encrypted");
        output = new OutputOptions(here, "that of FILE", defaultName: "as FILE is named");
        access = new AccessOptions(here, globals);
        check = new RenewalCheck(here, globals, access);
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new RenewCommand(here, globals);
        var command = new DocumentedCommand("renew", "Renew a certificate with a new key, and replace its files")
        {
            Explanation = "Makes a new key of the same kind, requests a certificate with the subject, names, usages and lifetime of FILE, "
                + "and replaces the files of 'request' beside it, all together; until then nothing changes. "
                + "A timer may run it every day, to act only if it is needed; 'agent' does all of it by itself.",
            Examples =
            [
                new("serverless-ca renew ~/certs/client-cert.pem", "Replaces certificate and key in ~/certs."),
                new("serverless-ca renew /etc/www/server.pem --if-needed --within 30d && nginx -s reload", "Renews 30 days before the end, for a timer."),
                new("serverless-ca renew server.pem --out new", "Leaves the old files and writes the new ones into another folder."),
            ],
        };
        command.Add(self.file);
        command.Group("When", self.ifNeeded, self.check.Within);
        command.Group("Certificate", self.request.OfRenewals);
        command.Group("Key", [self.keyType, .. self.passphrase.All]);
        command.Group("Files", [.. self.output.OfCertificates, self.output.Replacing]);
        command.Group(AccessOptions.Title, self.access.All);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = HomeFolder.Expand(parsed.GetRequiredValue(file), here);
        IReadOnlyList<Certificate> found = await RenewalInput.ReadAsync(path, here, cancellation);
        Certificate certificate = found[0];
        if (parsed.GetValue(ifNeeded) && await check.RunAsync(parsed, certificate, cancellation) is { Decision.IsNeeded: false } early)
        {
            WriteEarly(early, globals.IsJson(parsed));
            return ExitCode.Done;
        }

        if (!RenewalRequest.TryMake(certificate, out CertificateRequest? like, out string? why))
        {
            throw CommandFault.Fault($"'{path}' cannot be renewed: {why}", "request what is wanted with 'serverless-ca request'");
        }

        CertificateRequest wanted = request.Fill(parsed, like with { CertBundle = found.Count > 1 && !LayoutOf(path).IsCombined });
        SubjectKeyType type = TypeOf(parsed, certificate, path);
        string folder = output.FolderOf(parsed, Path.GetDirectoryName(path) is { Length: > 0 } beside ? beside : ".");
        CertificateFileSet set = output.FilesLike(parsed, LayoutOf(path).Stem, path);
        string? secret = await passphrase.ReadAsync(parsed, cancellation);
        ExpectPassphrase(secret, path, folder, set);
        set.Forms.Check(keyIsElsewhere: false, secret);
        using IAuthority ca = await access.OpenAsync(parsed, cancellation);
        return await new CertificateOrder(wanted, folder, set)
        {
            Subject = SubjectOptions.SubjectOf(wanted),
            MakeKey = _ => Task.FromResult(type.Generate()),
            Passphrase = secret,
            EarlierOf = requested => output.EarlierOf(parsed, set, requested.CommonName, requested.Subject),
        }.RunAsync(ca, here, globals.IsJson(parsed), cancellation);
    }

    private void WriteEarly(CheckedRenewal early, bool json)
    {
        if (json)
        {
            here.Terminal.Write(early.Json());
        }
        else
        {
            here.Terminal.WriteTable(early.Table());
        }
    }

    private SubjectKeyType TypeOf(ParseResult parsed, Certificate certificate, string path) =>
        parsed.GetValue(keyType) is { } given ? SubjectKeyType.Of(given)
        : certificate.PublicKey is { } key && SubjectKeyType.Like(key) is { } same ? same
        : throw CommandFault.Usage(
            $"keys like that of '{path}' ({(certificate.PublicKey is { } other ? KeyKind.TextOf(other) : "of a kind that this version does not accept")}) are not made here",
            "choose another kind: --key-type");

    // The combined file has the chain behind the certificate always, and so does not show what was requested.
    private static (string? Stem, bool IsCombined) LayoutOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        bool isCombined = name.EndsWith(CertificateFileSet.CombinedEnding, StringComparison.Ordinal);
        bool isOurs = Path.GetExtension(path) is ".pem" or ".der";
        return (!isOurs ? null : isCombined ? name[..^CertificateFileSet.CombinedEnding.Length] : name, isCombined);
    }

    // The old key counts as well as one that would be replaced: with --out or --name they are different files.
    private static void ExpectPassphrase(string? secret, string path, string folder, CertificateFileSet set)
    {
        string beside = Path.GetDirectoryName(path) ?? "";
        var old = new CertificateFileSet(LayoutOf(path).Stem ?? Path.GetFileNameWithoutExtension(path), set.Forms);
        string[] keys = [path, .. old.KeyNames.Select(name => Path.Combine(beside, name)), .. set.KeyNames.Select(name => Path.Combine(folder, name))];
        string? encrypted = secret is null ? Array.Find(keys, key => File.Exists(key) && PrivateKeyPem.IsEncrypted(Encoding.Latin1.GetString(File.ReadAllBytes(key)))) : null;
        if (encrypted is not null)
        {
            throw CommandFault.Usage($"the key in '{encrypted}' is encrypted, and the new key would not be", "give --key-passphrase-env or --key-passphrase-file");
        }
    }
}
