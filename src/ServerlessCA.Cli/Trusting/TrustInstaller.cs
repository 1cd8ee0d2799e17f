using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Cli.Trusting;

/// <summary>Makes a root trusted on this machine by the programs of the systems themselves. What is there under the same name and is
/// another certificate stays.</summary>
/// <param name="here">Has the home folder.</param>
/// <param name="root">The root.</param>
/// <param name="store">The store instead of the usual one; null for that.</param>
internal sealed class TrustInstaller(Surroundings here, TrustedRoot root, string? store)
{
    /// <summary>Debian and Ubuntu: the store is the folder that stands for <c>/</c>.</summary>
    public const string Debian = "debian";

    /// <summary>Java: the store is a keystore file.</summary>
    public const string Java = "java";

    /// <summary>Firefox and NSS: the store is the folder of a database.</summary>
    public const string Nss = "firefox";

    /// <summary>The password that keystores of Java have unless somebody chose another.</summary>
    public const string UsualPassword = "changeit";

    private const string PasswordVariable = "SERVERLESS_CA_STORE_PASSWORD"; // of the child process alone: arguments show in lists of processes

    /// <summary>The systems where this is done.</summary>
    public static readonly IReadOnlyList<string> Systems = [Debian, Java, Nss];

    /// <summary>Makes it trusted.</summary>
    /// <param name="system">One of <see cref="Systems"/>.</param>
    /// <param name="password">The password of Java's keystore.</param>
    /// <param name="cancellation">Stops waiting for the programs.</param>
    /// <exception cref="CommandFault">A program or a right is missing, or a program failed.</exception>
    public Task<InstalledTrust> RunAsync(string system, string password, CancellationToken cancellation) => system switch
    {
        Debian => OfDebianAsync(cancellation),
        Java => OfJavaAsync(password, cancellation),
        _ => OfNssAsync(cancellation),
    };

    private async Task<InstalledTrust> OfDebianAsync(CancellationToken cancellation)
    {
        string origin = store ?? "/";
        (string certificates, string links) = (Path.Combine(origin, "usr/local/share/ca-certificates"), Path.Combine(origin, "etc/ssl/certs"));
        string file = Path.Combine(certificates, $"{root.Name}.crt");
        string bundle = Path.Combine(links, "ca-certificates.crt");
        bool wasThere = File.Exists(file) && IsThere(await File.ReadAllTextAsync(file, cancellation), file, $"rm {file}");
        try
        {
            Directory.CreateDirectory(certificates);
            OutputFile.Replace(file, Encoding.ASCII.GetBytes(root.Certificate.Pem));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CommandFault)
        {
            throw CommandFault.Fault($"'{file}' cannot be written: {fault.Message}", "do it as root: sudo serverless-ca trust --system debian --install", fault);
        }

        string conf = Path.Combine(origin, "etc/ca-certificates.conf");
        string[] elsewhere = store is null ? [] :
        [
            "--localcertsdir", Path.GetFullPath(certificates), "--etccertsdir", Path.GetFullPath(links), "--hooksdir", "/nonexistent", // hooks are for the machine itself
            "--certsdir", Path.GetFullPath(Path.Combine(origin, "usr/share/ca-certificates")), "--certsconf", File.Exists(conf) ? Path.GetFullPath(conf) : "/dev/null",
        ];
        Outcome done = await RunAsync("update-ca-certificates", "ca-certificates", elsewhere, null, null, cancellation);
        bool isTrusted = done.ExitCode == 0 && File.Exists(bundle) && (await File.ReadAllTextAsync(bundle, cancellation)).Contains(root.Certificate.Pem, StringComparison.Ordinal);
        string[] undo = [$"rm {ShellWord.Of(file)}", string.Join(' ', elsewhere.Prepend("update-ca-certificates --fresh").Select((word, i) => i == 0 ? word : ShellWord.Of(word)))];
        return isTrusted ? new InstalledTrust(bundle, wasThere, undo) : throw Failed("update-ca-certificates", done);
    }

    private async Task<InstalledTrust> OfJavaAsync(string password, CancellationToken cancellation)
    {
        string[] where = [.. store is null ? (string[])["-cacerts"] : ["-keystore", store], "-storepass:env", PasswordVariable, "-alias", root.Name];
        string shown = store ?? "cacerts of this Java";
        string undo = $"keytool -delete {(store is null ? "-cacerts" : $"-keystore {ShellWord.Of(store)}")} -alias {root.Name}";
        if (store is null || File.Exists(store))
        {
            Outcome there = await RunAsync("keytool", "a JDK", ["-exportcert", "-rfc", .. where], null, password, cancellation);
            if (there.ExitCode == 0 && IsThere(there.Output, shown, undo))
            {
                return new InstalledTrust(shown, WasThere: true, [undo]);
            }
        }

        Outcome done = await RunAsync("keytool", "a JDK", ["-importcert", "-noprompt", "-trustcacerts", .. where], root.Certificate.Pem, password, cancellation);
        return done.ExitCode == 0 ? new InstalledTrust(shown, WasThere: false, [undo]) : throw Failed("keytool", done);
    }

    private async Task<InstalledTrust> OfNssAsync(CancellationToken cancellation)
    {
        const string Package = "libnss3-tools or nss-tools";
        string folder = store ?? Path.Combine(HomeFolder.Of(here), ".pki/nssdb");
        string database = $"sql:{folder}";
        if (!File.Exists(Path.Combine(folder, "cert9.db")))
        {
            using (OutputFolder.Open(folder))
            {
                Outcome made = await RunAsync("certutil", Package, ["-N", "-d", database, "--empty-password"], null, null, cancellation);
                _ = made.ExitCode == 0 ? made : throw Failed("certutil", made);
            }
        }

        Outcome there = await RunAsync("certutil", Package, ["-L", "-d", database, "-n", root.Name, "-a"], null, null, cancellation);
        string undo = $"certutil -D -d {ShellWord.Of(database)} -n {root.Name}";
        bool wasThere = there.ExitCode == 0 && IsThere(there.Output, folder, undo);
        Outcome done = await RunAsync("certutil", Package, ["-A", "-d", database, "-t", "C,,", "-n", root.Name, "-a"], root.Certificate.Pem, null, cancellation);
        return done.ExitCode == 0 ? new InstalledTrust(folder, wasThere, [undo]) : throw Failed("certutil", done);
    }

    // Another certificate of this name is somebody's: it is not replaced.
    private bool IsThere(string pem, string where, string undo)
    {
        Certificate[] found = [.. CertificateDecoder.Decode(Encoding.UTF8.GetBytes(pem)).Select(block => block.Certificate).OfType<Certificate>()];
        return found.Any(certificate => certificate.Der.Span.SequenceEqual(root.Certificate.Der.Span)) ? true
            : throw CommandFault.Fault($"'{where}' has another certificate named '{root.Name}': it is not replaced", $"if it is an old root, remove it first: {undo}");
    }

    private static CommandFault Failed(string program, Outcome outcome) => CommandFault.Fault(
        $"{program} failed with exit code {outcome.ExitCode}: {string.Join(' ', outcome.Output.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}",
        "check who may write there: as root, sudo serverless-ca trust … --install; or follow the steps by hand");

    private static async Task<Outcome> RunAsync(
        string program, string package, IReadOnlyList<string> arguments, string? input, string? password, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (password is not null)
        {
            start.Environment[PasswordVariable] = password;
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
            try
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading: its exit code says why.
            }

            await process.WaitForExitAsync(cancellation);
            return new Outcome(process.ExitCode, await output + await error);
        }
        catch (Win32Exception fault)
        {
            throw CommandFault.Fault($"the program '{program}' cannot be started: {fault.Message}", $"install it: it is in {package}; or follow the steps by hand", fault);
        }
    }

    private sealed record Outcome(int ExitCode, string Output);
}

/// <summary>Says where a root is trusted now. Immutable.</summary>
/// <param name="Store">The store.</param>
/// <param name="WasThere">Whether it was trusted there before.</param>
/// <param name="Undo">The lines that undo it.</param>
internal sealed record InstalledTrust(string Store, bool WasThere, IReadOnlyList<string> Undo);
