using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;

namespace ServerlessCA.Cli.Trusting;

/// <summary>The root that is to be trusted, and its file. Immutable.</summary>
/// <param name="Certificate">The root's certificate.</param>
/// <param name="Name">Its name in stores of other programs, such as <c>serverless-root-ca-dev</c>: letters, digits, dots, hyphens
/// and underscores.</param>
/// <param name="File">The PEM file that holds it, an absolute path, or a name where it is still to be written.</param>
/// <param name="IsWritten">Whether the file is there.</param>
internal sealed record TrustedRoot(Certificate Certificate, string Name, string File, bool IsWritten)
{
    private readonly CertificateFacts facts = CertificateFacts.Of(Certificate);

    /// <summary>The subject as RFC 4514 writes it.</summary>
    public string Subject => facts.Subject;

    /// <summary>The SHA-256 fingerprint, with colons.</summary>
    public string Sha256 => facts.Sha256;

    /// <summary>The SHA-1 fingerprint without colons, by which macOS and Windows name certificates.</summary>
    public string Thumbprint => facts.Sha1.Replace(":", "", StringComparison.Ordinal);

    /// <summary>The path for a POSIX shell.</summary>
    public string ShellFile => ShellWord.Of(File);
}

/// <summary>Writes words for a POSIX shell.</summary>
internal static class ShellWord
{
    /// <summary>Quotes a word if it needs that.</summary>
    public static string Of(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ':' or '@')
        ? word
        : $"'{Printable.Line(word).Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
