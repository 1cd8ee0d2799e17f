using System.Text;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Core.Settings;

/// <summary>Holds the names of one deployment (contract section 1). Immutable.</summary>
public sealed record CaNames
{
    private readonly string suffix;
    private readonly FoldedName rootLook;
    private readonly FoldedName issuingLook;

    /// <summary>Makes the names of a project in an environment.</summary>
    public CaNames(string project, string environment, IEnumerable<string> prodEnvironments)
    {
        Project = project;
        Environment = environment;
        suffix = prodEnvironments.Contains(environment, StringComparer.Ordinal) ? "" : $"-{environment}";
        RootCa = $"{Project}-root-ca{suffix}";
        IssuingCa = $"{Project}-issuing-ca{suffix}";
        rootLook = FoldedName.OfLook(RootCa);
        issuingLook = FoldedName.OfLook(IssuingCa);
    }

    /// <summary>Gets the project, such as <c>serverless</c>.</summary>
    public string Project { get; }

    /// <summary>Gets the environment, such as <c>dev</c>.</summary>
    public string Environment { get; }

    /// <summary>Gets the root CA's name, which its row, its key alias and its files have.</summary>
    public string RootCa { get; }

    /// <summary>Gets the issuing CA's name, which its row, its key alias and its files have.</summary>
    public string IssuingCa { get; }

    /// <summary>Gets the file of the published bundle: root, then issuing, PEM.</summary>
    public string BundleFile => $"{Project}-ca-bundle{suffix}.pem";

    /// <summary>Returns the file of a CA's published certificate, PEM.</summary>
    public static string CertificateFile(string caName) => $"{caName}.crt";

    /// <summary>Returns the file of a CA's published certificate, DER (contract 12.6).</summary>
    public static string DerCertificateFile(string caName) => $"{caName}.cer";

    /// <summary>Returns the file of a CA's published CRL, DER.</summary>
    public static string CrlFile(string caName) => $"{caName}.crl";

    /// <summary>Returns the file of a CA's published CRL, PEM.</summary>
    public static string CrlPemFile(string caName) => $"{CrlFile(caName)}.pem";

    /// <summary>Gets the KMS key that generates the key pairs of subjects.</summary>
    public string TlsKeygen => $"{Project}-tls-keygen{suffix}";

    /// <summary>Gets the state machine that runs the pipeline.</summary>
    public string StateMachine => $"{Project}-ca-{Environment}";

    /// <summary>Returns the full name of a function, which always has the environment.</summary>
    public string Function(CaFunction function) => Function(Operation.Of(function).Name);

    /// <summary>Returns the full name of a function.</summary>
    /// <param name="name">Its short name, such as <c>tls-cert</c>.</param>
    public string Function(string name) => $"{Project}-{name}-{Environment}";

    /// <summary>Gets the table: project and environment with each run of letters capitalised (contract 12.18).</summary>
    public string Table => $"{Joined(Project)}CA{Joined(Environment)}";

    /// <summary>Gets the second table, with reservations, tokens and the outbox. Scripts for the original find its one table by
    /// the letters <c>CA</c> in the name: this name does not have them.</summary>
    public string IndexTable => $"{Joined(Project)}Index{Joined(Environment)}";

    /// <summary>Says whether a common name is that of one of the CAs, or looks like it (contract 12.10, 12.20).</summary>
    public bool IsReserved(string commonName)
    {
        var look = FoldedName.OfLook(commonName);
        return look == rootLook || look == issuingLook;
    }

    // Follows the original's title-casing: upper-case after a non-letter, lower-case after a letter; dashes are removed.
    private static string Joined(string words)
    {
        var joined = new StringBuilder(words.Length);
        bool insideWord = false;
        foreach (char c in words)
        {
            bool letter = char.IsLetter(c);
            char cased = insideWord ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c);
            if (c != '-')
            {
                joined.Append(letter ? cased : c);
            }

            insideWord = letter;
        }

        return joined.ToString();
    }
}
