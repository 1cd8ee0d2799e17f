using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Decoding;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Options;

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
        string link = Path.Combine(links, $"{root.Name}.pem");
        string? text = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellation) : null;
        bool isSame = text is not null && IsThere(text, file, $"rm {ShellWord.Of(file)}");
        string conf = Path.Combine(origin, "etc/ca-certificates.conf");
        string[] elsewhere = store is null ? [] :
        [
            "--localcertsdir", Path.GetFullPath(certificates), "--etccertsdir", Path.GetFullPath(links), "--hooksdir", "/nonexistent", // hooks are for the machine itself
            "--certsdir", Path.GetFullPath(Path.Combine(origin, "usr/share/ca-certificates")), "--certsconf", File.Exists(conf) ? Path.GetFullPath(conf) : "/dev/null",
        ];
        string[] undo = [$"rm {ShellWord.Of(file)}", string.Join(' ', elsewhere.Prepend("update-ca-certificates --fresh").Select((word, i) => i == 0 ? word : ShellWord.Of(word)))];
        string expected = isSame ? text!.Trim() : root.Certificate.Pem; // the script copies the file as it is
        if (isSame && File.Exists(link) && await HasAsync(bundle, expected, cancellation))
        {
            return new InstalledTrust(bundle, WasThere: true, undo);
        }

        if (!isSame)
        {
            Write(certificates, file);
        }

        Outcome done = await RunAsync("update-ca-certificates", "ca-certificates", elsewhere, null, null, cancellation);
        bool isTrusted = done.ExitCode == 0 && await HasAsync(bundle, expected, cancellation);
        return isTrusted ? new InstalledTrust(bundle, WasThere: false, undo) : throw Failed("update-ca-certificates", done);
    }

    private void Write(string folder, string file)
    {
        try
        {
            Directory.CreateDirectory(folder);
            OutputFile.Replace(file, Encoding.ASCII.GetBytes(root.Certificate.Pem));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CommandFault)
        {
            throw CommandFault.Fault($"'{file}' cannot be written: {fault.Message}", "do it as root: sudo serverless-ca trust --system debian --install", fault);
        }
    }

    private static async Task<bool> HasAsync(string bundle, string pem, CancellationToken cancellation) =>
        File.Exists(bundle) && (await File.ReadAllTextAsync(bundle, cancellation)).Contains(pem, StringComparison.Ordinal);

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

        string undo = $"certutil -D -d {ShellWord.Of(database)} -n ";
        Outcome listed = await RunAsync("certutil", Package, ["-L", "-d", database], null, null, cancellation);
        foreach (IGrouping<string, NssEntry> entry in NssEntry.In(listed.ExitCode == 0 ? listed.Output : throw Failed("certutil", listed)).GroupBy(one => one.Nickname))
        {
            Outcome there = await RunAsync("certutil", Package, ["-L", "-d", database, "-n", entry.Key, "-a"], null, null, cancellation);
            if (there.ExitCode == 0 && (IsIn(there.Output) || (entry.Key == root.Name && IsThere(there.Output, folder, undo + root.Name))))
            {
                ExpectTrusted([.. entry], folder, $"certutil -M -d {ShellWord.Of(database)} -n {ShellWord.Of(entry.Key)} -t {NssEntry.TrustedForTls}");
                return new InstalledTrust(folder, WasThere: true, [undo + ShellWord.Of(entry.Key)]);
            }
        }

        Outcome done = await RunAsync("certutil", Package, ["-A", "-d", database, "-t", NssEntry.TrustedForTls, "-n", root.Name, "-a"], root.Certificate.Pem, null, cancellation);
        return done.ExitCode == 0 ? new InstalledTrust(folder, WasThere: false, [undo + root.Name]) : throw Failed("certutil", done);
    }

    // Somebody chose these flags, perhaps so that this root is never trusted: they stay as they are.
    private static void ExpectTrusted(IReadOnlyList<NssEntry> entries, string folder, string how)
    {
        if (entries.FirstOrDefault(entry => !entry.IsTrustedForTls) is { } entry)
        {
            throw CommandFault.Fault(
                $"'{folder}' has this root already, as '{entry.Nickname}' with the trust flags '{entry.Flags}', which do not trust it for TLS servers: they are not changed",
                $"if it is to be trusted: {how}");
        }
    }

    private bool IsIn(string pem) => CertificateDecoder.Decode(Encoding.UTF8.GetBytes(pem))
        .Any(block => block.Certificate is { } certificate && certificate.Der.Span.SequenceEqual(root.Certificate.Der.Span));

    // Another certificate of this name is somebody's: it is not replaced.
    private bool IsThere(string pem, string where, string undo) => IsIn(pem) ? true
        : throw CommandFault.Fault($"'{where}' has another certificate named '{root.Name}': it is not replaced", $"if it is an old root, remove it first: {undo}");

    private static CommandFault Failed(string program, Outcome outcome) => CommandFault.Fault(
        $"{program} failed with exit code {outcome.ExitCode}: {string.Join(' ', outcome.Output.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}",
        "check who may write there: as root, sudo serverless-ca trust … --install; or follow the steps by hand");

    private static async Task<Outcome> RunAsync(
        string program, string package, IReadOnlyList<string> arguments, string? input, string? password, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove(AccessOptions.TokenVariable);
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

/// <summary>A certificate in a database of NSS, as a line of <c>certutil -L</c> shows it. Immutable.</summary>
/// <param name="Nickname">Its name there.</param>
/// <param name="Flags">How it is trusted, for TLS, mail and code, such as <c>C,,</c>.</param>
internal sealed partial record NssEntry(string Nickname, string Flags)
{
    /// <summary>The flags of a CA that is trusted for TLS servers alone.</summary>
    public const string TrustedForTls = "C,,";

    /// <summary>Says whether it is a CA that is trusted for TLS servers; <c>p</c> prohibits it, and <c>c</c> alone trusts nothing.</summary>
    public bool IsTrustedForTls => Flags.Split(',')[0].Contains('C', StringComparison.Ordinal);

    /// <summary>Reads the list.</summary>
    public static IEnumerable<NssEntry> In(string list) =>
        Line().Matches(list).Select(line => new NssEntry(line.Groups["name"].Value, line.Groups["flags"].Value));

    [GeneratedRegex("^(?<name>.*[^ ]) +(?<flags>[pPcCTuwg]*,[pPcCTuwg]*,[pPcCTuwg]*) *\\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Line();
}

/// <summary>Says where a root is trusted now. Immutable.</summary>
/// <param name="Store">The store.</param>
/// <param name="WasThere">Whether it was trusted there before.</param>
/// <param name="Undo">The lines that undo it.</param>
internal sealed record InstalledTrust(string Store, bool WasThere, IReadOnlyList<string> Undo);
