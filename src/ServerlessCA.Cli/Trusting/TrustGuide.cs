namespace ServerlessCA.Cli.Trusting;

/// <summary>Says for each system how a root becomes trusted there, and how that is undone. The commands are those of the systems'
/// own documents; tests run the ones whose programs are at hand.</summary>
internal static class TrustGuide
{
    private const string KeychainOfSystem = "/Library/Keychains/System.keychain";

    /// <summary>Returns the steps for every system, for one root.</summary>
    public static IReadOnlyList<TrustSteps> Of(TrustedRoot root) =>
    [
        Debian(root), RedHat(root), MacOs(root), Windows(root), Java(root), Nss(root), Nginx(root), Go(root), Python(root), Node(root),
    ];

    /// <summary>The names of the systems, in the order of the report.</summary>
    public static readonly IReadOnlyList<string> Names =
        [TrustInstaller.Debian, "rhel", "macos", "windows", TrustInstaller.Java, TrustInstaller.Nss, "nginx", "go", "python", "node"];

    private static TrustSteps Debian(TrustedRoot root) => new(Names[0], "Debian, Ubuntu")
    {
        Steps = [$"sudo cp {root.ShellFile} /usr/local/share/ca-certificates/{root.Name}.crt", "sudo update-ca-certificates"],
        Undo = [$"sudo rm /usr/local/share/ca-certificates/{root.Name}.crt", "sudo update-ca-certificates --fresh"],
        Note = $"For programs with OpenSSL or GnuTLS, such as curl, git, wget; not for Java, browsers, Node. For one call: curl --cacert {root.ShellFile}",
    };

    private static TrustSteps RedHat(TrustedRoot root) => new(Names[1], "RHEL, Fedora, Amazon Linux")
    {
        Steps = [$"sudo cp {root.ShellFile} /etc/pki/ca-trust/source/anchors/{root.Name}.crt", "sudo update-ca-trust"],
        Undo = [$"sudo rm /etc/pki/ca-trust/source/anchors/{root.Name}.crt", "sudo update-ca-trust"],
        Note = "For programs with OpenSSL, GnuTLS or NSS, and for the system's Java.",
    };

    private static TrustSteps MacOs(TrustedRoot root) => new(Names[2], "macOS")
    {
        Steps = [$"sudo security add-trusted-cert -d -r trustRoot -k {KeychainOfSystem} {root.ShellFile}"],
        Undo = [$"sudo security remove-trusted-cert -d {root.ShellFile}", $"sudo security delete-certificate -Z {root.Thumbprint} {KeychainOfSystem}"],
        Note = "For Safari, Chrome and programs of the system; macOS trusts certificates of servers for at most 825 days.",
    };

    private static TrustSteps Windows(TrustedRoot root) => new(Names[3], "Windows, in PowerShell as administrator")
    {
        Steps = [$@"Import-Certificate -FilePath '{root.File.Replace("'", "''", StringComparison.Ordinal)}' -CertStoreLocation Cert:\LocalMachine\Root"],
        Undo = [$@"Remove-Item Cert:\LocalMachine\Root\{root.Thumbprint}"],
        Note = "For Edge, Chrome, .NET and programs of the system.",
    };

    private static TrustSteps Java(TrustedRoot root) => new(Names[4], "Java")
    {
        Steps = [$"sudo keytool -importcert -noprompt -trustcacerts -cacerts -storepass changeit -alias {root.Name} -file {root.ShellFile}"],
        Undo = [$"sudo keytool -delete -cacerts -storepass changeit -alias {root.Name}"],
        Note = "For every program of this Java. For one program: the same with -keystore FILE instead of -cacerts, then java -Djavax.net.ssl.trustStore=FILE",
    };

    private static TrustSteps Nss(TrustedRoot root) => new(Names[5], "Firefox and other programs with NSS")
    {
        Steps = [$"certutil -A -d sql:$HOME/.pki/nssdb -t C,, -n {root.Name} -a -i {root.ShellFile}"],
        Undo = [$"certutil -D -d sql:$HOME/.pki/nssdb -n {root.Name}"],
        Note = "That is where Chrome and Chromium on Linux look. Firefox has a folder for each profile: give it instead, sql:$HOME/.mozilla/firefox/PROFILE, while Firefox is closed.",
    };

    // The issuing CA stands between, and nginx looks for one CA only unless it is told so.
    private static TrustSteps Nginx(TrustedRoot root) => new(Names[6], "nginx, in its configuration")
    {
        Steps = [$"ssl_client_certificate {root.ShellFile};", "ssl_verify_client on;", "ssl_verify_depth 2;"],
        Undo = ["remove these lines, then: nginx -s reload"],
        Note = $"For certificates of clients. For those of servers behind it: proxy_ssl_trusted_certificate {root.ShellFile}; proxy_ssl_verify on; proxy_ssl_verify_depth 2;",
    };

    private static TrustSteps Go(TrustedRoot root) => new(Names[7], "Go")
    {
        Steps = [$"SSL_CERT_FILE={root.ShellFile} ./program"],
        Undo = ["leave the variable out"],
        Note = "On Linux Go trusts what the system trusts; the variable replaces that. In code: x509.SystemCertPool(), then AppendCertsFromPEM with the file.",
    };

    private static TrustSteps Python(TrustedRoot root) => new(Names[8], "Python")
    {
        Steps = [$"SSL_CERT_FILE={root.ShellFile} python3 program.py"],
        Undo = ["leave the variable out"],
        Note = $"The variable replaces what the system trusts; requests reads REQUESTS_CA_BUNDLE instead. In code: ssl.create_default_context(), then load_verify_locations(\"{root.File}\").",
    };

    private static TrustSteps Node(TrustedRoot root) => new(Names[9], "Node")
    {
        Steps = [$"NODE_EXTRA_CA_CERTS={root.ShellFile} node program.js"],
        Undo = ["leave the variable out"],
        Note = "Trusted in addition to the CAs that Node has itself; it is read once, when Node starts.",
    };
}

/// <summary>Holds the steps for one system. Immutable.</summary>
/// <param name="Name">The value of <c>--system</c>.</param>
/// <param name="Title">The system's name for people.</param>
internal sealed record TrustSteps(string Name, string Title)
{
    /// <summary>The lines to run or to write.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>The lines that undo it.</summary>
    public required IReadOnlyList<string> Undo { get; init; }

    /// <summary>For which programs it counts, and what else there is.</summary>
    public required string Note { get; init; }
}
