using System.Globalization;
using ServerlessCA.Cli.Options;
using ServerlessCA.Local;

namespace ServerlessCA.Cli.Help;

/// <summary>Holds what help and manual say beside the commands themselves.</summary>
internal static class Handbook
{
    /// <summary>The commands of a first session.</summary>
    public static readonly IReadOnlyList<Example> FirstSession =
    [
        new("serverless-ca run", "Makes a root CA, an issuing CA and their CRLs in ./.serverless-ca."),
        new("serverless-ca request --common-name client.example.com", "Makes a key and gets a certificate for it, in ~/certs."),
        new("serverless-ca list", "Shows what was issued."),
    ];

    /// <summary>Lists the exit codes with their meanings.</summary>
    public static readonly IReadOnlyList<(string Label, string Description)> ExitCodes =
    [
        (Number(ExitCode.Done), "Done"),
        (Number(ExitCode.Fault), "A fault; the message says what to mend"),
        (Number(ExitCode.Usage), "Wrong usage; nothing was done"),
        (Number(ExitCode.Refused), "Refused by the CA"),
        (Number(ExitCode.Changes), "'plan --exit-code' found something to do"),
        (Number(ExitCode.Unhealthy), "'health' found something critical, or a step of 'smoke' failed"),
        (Number(ExitCode.RenewalDue), "'needs-renewal': the certificate is to be renewed"),
    ];

    /// <summary>The environment variables that the program reads.</summary>
    public static readonly IReadOnlyList<(string Label, string Description)> Variables =
    [
        (Location.Variable, "The CA to work with, where --ca is not given"),
        (AccessOptions.TokenVariable, "The token that a served CA knows its callers by; of 'serve', the one it asks for"),
        ("HOME", "Certificates are written to certs below it, where --out is not given"),
        ("NO_COLOR", "If it is set and not empty, nothing is coloured (no-color.org)"),
        ("AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, ...", "For a CA on AWS: as for every program there"),
    ];

    /// <summary>Lists the files of a local CA in its default folder, and the folders of certificates.</summary>
    public static readonly IReadOnlyList<(string Label, string Description)> Files =
    [
        (In(data => data.SettingsFile), "Its settings, named like the variables of the Terraform module"),
        (In(data => data.LedgerFile), "The ledger: every certificate (SQLite)"),
        (In(data => data.Keys), "The keys of the CAs: guard them; who may write here is the CA"),
        (In(data => data.Internal), "What 'run' reads where no folder is given: tls.json, csrs/, revoked.json"),
        (In(data => data.External), "What the world may have: CA certificates and CRLs"),
        (In(data => data.Outbox), "The notifications"),
        ("~/certs", "Where 'request' and 'csr' write"),
        ("/certs", "Where 'agent' writes"),
    ];

    private static string Number(int exitCode) => exitCode.ToString(CultureInfo.InvariantCulture);

    private static string In(Func<DataFolder, string> file) => file(new DataFolder(DataFolder.DefaultPath)).Replace('\\', '/');
}
