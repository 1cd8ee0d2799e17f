using System.Text;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Core.Settings;

/// <summary>The names of one deployment (contract section 1). Immutable.</summary>
public sealed record CaNames
{
    private readonly string suffix;
    private readonly FoldedName rootLook;
    private readonly FoldedName issuingLook;

    /// <summary>Names of a project in an environment.</summary>
    public CaNames(string project, string environment, IEnumerable<string> prodEnvironments)
    {
        Project = project;
        Environment = environment;
        suffix = prodEnvironments.Contains(environment, StringComparer.Ordinal) ? "" : $"-{environment}";
        rootLook = FoldedName.OfLook(RootCa);
        issuingLook = FoldedName.OfLook(IssuingCa);
    }

    /// <summary>Such as <c>serverless</c>.</summary>
    public string Project { get; }

    /// <summary>Such as <c>dev</c>.</summary>
    public string Environment { get; }

    /// <summary>The root CA: its row, its key alias, its files.</summary>
    public string RootCa => $"{Project}-root-ca{suffix}";

    /// <summary>The issuing CA: its row, its key alias, its files.</summary>
    public string IssuingCa => $"{Project}-issuing-ca{suffix}";

    /// <summary>The published bundle: root, then issuing, PEM.</summary>
    public string BundleFile => $"{Project}-ca-bundle{suffix}.pem";

    /// <summary>A CA's published certificate, PEM.</summary>
    public static string CertificateFile(string caName) => $"{caName}.crt";

    /// <summary>A CA's published certificate, DER (contract 12.6).</summary>
    public static string DerCertificateFile(string caName) => $"{caName}.cer";

    /// <summary>A CA's published CRL, DER.</summary>
    public static string CrlFile(string caName) => $"{caName}.crl";

    /// <summary>A CA's published CRL, PEM.</summary>
    public static string CrlPemFile(string caName) => $"{CrlFile(caName)}.pem";

    /// <summary>The key that key pairs of subjects are drawn under.</summary>
    public string TlsKeygen => $"{Project}-tls-keygen{suffix}";

    /// <summary>The state machine that runs the pipeline.</summary>
    public string StateMachine => $"{Project}-ca-{Environment}";

    /// <summary>A function: always with the environment.</summary>
    public string Function(CaFunction function) => Function(Operation.Of(function).Name);

    /// <summary>A function.</summary>
    /// <param name="name">Its short name, such as <c>tls-cert</c>.</param>
    public string Function(string name) => $"{Project}-{name}-{Environment}";

    /// <summary>The table: project and environment with each run of letters capitalised (contract 12.18).</summary>
    public string Table => $"{Joined(Project)}CA{Joined(Environment)}";

    /// <summary>The table beside it: reservations, tokens, events to tell of. Scripts for the original find its one table by
    /// the letters <c>CA</c> in the name: they are not in this one.</summary>
    public string IndexTable => $"{Joined(Project)}Index{Joined(Environment)}";

    /// <summary>Whether a common name is that of one of the CAs, or looks like it (contract 12.10, 12.20).</summary>
    public bool IsReserved(string commonName)
    {
        var look = FoldedName.OfLook(commonName);
        return look == rootLook || look == issuingLook;
    }

    // As the original's title-casing: upper-case after a non-letter, lower-case after a letter; dashes go.
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
