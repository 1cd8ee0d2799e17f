namespace ServerlessCA.Cli.Requesting;

/// <summary>What the names of files begin with.</summary>
internal static class FileStem
{
    /// <summary>Where nothing else is said; that of the original's client.</summary>
    public const string Usual = "client-cert";

    private const char Instead = '-'; // of characters that not every file system, shell and bucket takes
    private const string Wildcard = "*.";

    /// <summary>One after a common name, such as <c>www.example.com</c>, or <c>wildcard.example.com</c> of
    /// <c>*.example.com</c>; the usual one where nothing of the name is left.</summary>
    public static string Of(string commonName)
    {
        string name = commonName.StartsWith(Wildcard, StringComparison.Ordinal) ? $"wildcard.{commonName[Wildcard.Length..]}" : commonName;
        string stem = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : Instead)).Trim('.', Instead);
        return stem.Length > 0 ? stem : Usual;
    }
}
