using System.CommandLine;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Requesting;
using ServerlessCA.Cli.Trusting;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>trust</c>, which shows how the root becomes trusted, and does it where it can.</summary>
internal sealed class TrustCommand
{
    private readonly Surroundings here;
    private readonly GlobalOptions globals;
    private readonly AccessOptions access;
    private readonly PassphraseOptions password;

    private readonly Option<string?> system = Choice.Of("--system", "NAME", $"Only for this one: {string.Join(", ", TrustGuide.Names)}", TrustGuide.Names);

    private readonly Option<string?> file = new("--out") { HelpName = "FILE", Description = "Write the root into this file, PEM (default: the file that a local CA publishes)" };

    private readonly Option<bool> install = new("--install") { Description = $"Do it on this machine, with --system {string.Join(", ", TrustInstaller.Systems)}" };

    private readonly Option<string?> store = new("--store")
    {
        HelpName = "PATH",
        Description = "With --install, where: a folder that stands for / (debian), a keystore (java), a folder with cert9.db (firefox; default ~/.pki/nssdb)",
    };

    private TrustCommand(Surroundings here, GlobalOptions globals)
    {
        this.here = here;
        this.globals = globals;
        access = new AccessOptions(here, globals);
        password = new PassphraseOptions(here, "--store-password", $"of Java's keystore (default: {TrustInstaller.UsualPassword})");
    }

    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var self = new TrustCommand(here, globals);
        var command = new DocumentedCommand("trust", "Show how systems and programs come to trust the root, or do it")
        {
            Explanation = "Shows the root with its SHA-256 fingerprint and, for each system, the commands that make it trusted and those that undo it. "
                + "Compare the fingerprint with that of whoever runs the CA before you trust a root: from then on it vouches for every name. "
                + "Nothing is changed without --install.",
            Examples =
            [
                new("serverless-ca trust", "Shows it for every system."),
                new("serverless-ca trust --ca https://ca.example.com:8443 --ca-file bundle.pem --out root.crt --system python", "Writes the root of a served CA, and shows how Python trusts it."),
                new("sudo serverless-ca trust --system debian --install --ca local:/srv/ca", "Makes this Debian trust it."),
            ],
        };
        command.Group("Which and where", self.system, self.file);
        command.Group("On this machine", [self.install, self.store, .. self.password.All]);
        command.Group(AccessOptions.Title, self.access.All);
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        ExpectFitting(parsed);
        using IAuthority ca = await access.OpenAsync(parsed, cancellation);
        AuthorityAnswer answer = await ca.RequestAsync(new CertificateRequest { CaChainOnly = true }, cancellation);
        if (answer is AuthorityAnswer.Rejected refused)
        {
            return Refusal.Write(here.Terminal, refused, globals.IsJson(parsed));
        }

        TrustedRoot root = RootOf(parsed, CertificateDecoder.Decode(Encoding.ASCII.GetBytes(Answer.ChainOf(answer.Json)))[^1].Certificate!);
        InstalledTrust? installed = parsed.GetValue(install)
            ? await new TrustInstaller(here, root, parsed.GetValue(store)).RunAsync(
                parsed.GetValue(system)!, await password.ReadAsync(parsed, cancellation) ?? TrustInstaller.UsualPassword, cancellation)
            : null;
        TrustSteps[] steps = [.. TrustGuide.Of(root).Where(one => parsed.GetValue(system) is not { } only || one.Name == only)
            .Select(one => installed is null ? one : one with { Undo = installed.Undo })];
        if (globals.IsJson(parsed))
        {
            here.Terminal.Write(Json(root, steps, installed));
        }
        else
        {
            WriteText(root, steps, installed);
        }

        return ExitCode.Done;
    }

    private void ExpectFitting(ParseResult parsed)
    {
        (bool installs, string? only) = (parsed.GetValue(install), parsed.GetValue(system));
        if (installs && (only is null || !TrustInstaller.Systems.Contains(only)))
        {
            throw CommandFault.Usage(
                only is null ? "--install needs a system" : $"--install does not do it for {only}",
                only is null ? $"choose one: --system {string.Join(", ", TrustInstaller.Systems)}" : "leave it out, and follow the steps");
        }

        if (!installs && (parsed.GetValue(store) is not null || password.AreGiven(parsed)))
        {
            throw CommandFault.Usage("options of a store are given without --install", "add --install, or leave them out");
        }

        if (only != TrustInstaller.Java && password.AreGiven(parsed))
        {
            throw CommandFault.Usage("only Java's keystore has a password here", "leave it out, or choose --system java");
        }
    }

    private TrustedRoot RootOf(ParseResult parsed, Certificate root)
    {
        string name = NameOf(parsed, root);
        if (parsed.GetValue(file) is { } given)
        {
            string path = Path.GetFullPath(HomeFolder.Expand(given, here));
            OutputFile.Replace(path, Encoding.ASCII.GetBytes(root.Pem));
            return new TrustedRoot(root, name, path, IsWritten: true);
        }

        string published = globals.LocationOf(parsed) is Location.Local local
            ? Path.GetFullPath(Path.Combine(new DataFolder(local.Folder).External, CaNames.CertificateFile(name)))
            : "";
        return File.Exists(published)
            ? new TrustedRoot(root, name, published, IsWritten: true)
            : new TrustedRoot(root, name, CaNames.CertificateFile(name), IsWritten: false);
    }

    // Behind HTTP the CA's name is not known: the root's common name stands in.
    private string NameOf(ParseResult parsed, Certificate root) => globals.LocationOf(parsed) switch
    {
        Location.Local local => new DataFolder(local.Folder).ReadSettings().Ca.Names.RootCa,
        Location.Aws aws => aws.Names.RootCa,
        _ => FileStem.Of(DistinguishedName.TryDecode(root.SubjectDer, out DistinguishedName? subject)
            ? subject.CommonName ?? "" : ""),
    };

    private void WriteText(TrustedRoot root, IReadOnlyList<TrustSteps> systems, InstalledTrust? installed)
    {
        TextTable facts = new TextTable(columns: 2)
            .Add("Root CA", root.Subject)
            .Add("SHA-256", root.Sha256)
            .Add("Valid to", $"{TableTime.Text(root.Certificate.NotAfter)} UTC");
        facts.Add("File", root.IsWritten ? root.File : $"{root.File}, which is not written yet: --out {root.File}");
        if (installed is not null)
        {
            facts.Add(installed.WasThere ? "Trusted before" : "Trusted now", installed.Store);
        }

        here.Terminal.WriteTable(facts);
        foreach (TrustSteps one in systems)
        {
            here.Terminal.WriteLine();
            here.Terminal.WriteLine($"{one.Title} (--system {one.Name})");
            foreach (string step in installed is null ? one.Steps : [])
            {
                here.Terminal.WriteLine($"  {step}");
            }

            if (installed is null)
            {
                here.Terminal.WriteLine($"  {one.Note}");
            }

            here.Terminal.WriteLine("  To undo it:");
            foreach (string step in one.Undo)
            {
                here.Terminal.WriteLine($"    {step}");
            }
        }
    }

    private static string Json(TrustedRoot root, IReadOnlyList<TrustSteps> systems, InstalledTrust? installed) => JsonText.Object(writer =>
    {
        writer.WriteString("Subject", root.Subject);
        writer.WriteString("Sha256", root.Sha256);
        writer.WriteString("Expires", Rfc3339.Text(root.Certificate.NotAfter));
        writer.WriteString("File", root.File);
        writer.WriteBoolean("FileWritten", root.IsWritten);
        if (installed is not null)
        {
            writer.WriteString("Store", installed.Store);
            writer.WriteBoolean("TrustedBefore", installed.WasThere);
        }

        writer.WriteStartArray("Systems");
        foreach (TrustSteps one in systems)
        {
            Write(writer, one);
        }

        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, TrustSteps one)
    {
        writer.WriteStartObject();
        writer.WriteString("Name", one.Name);
        writer.WriteString("Title", one.Title);
        JsonText.WriteTexts(writer, "Steps", one.Steps);
        JsonText.WriteTexts(writer, "Undo", one.Undo);
        writer.WriteString("Note", one.Note);
        writer.WriteEndObject();
    }
}
