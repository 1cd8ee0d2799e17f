using System.CommandLine;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Where files are written, and under which name.</summary>
internal sealed class OutputOptions(Surroundings here, string? defaultFolder)
{
    /// <summary>The stem of file names where none is given; that of the original's client.</summary>
    private const string DefaultName = "client-cert";

    private const string HomeCerts = "~/certs"; // for display

    private readonly Option<string?> folder = new("--out")
    {
        HelpName = "FOLDER",
        Description = $"Where the files are written (default {defaultFolder ?? HomeCerts}); made, for its owner only, if it is missing",
    };

    private readonly Option<string?> name = new("--name")
    {
        HelpName = "NAME",
        Description = $"What the names of the files begin with (default {DefaultName})",
    };

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [folder, name];

    /// <summary>The folder.</summary>
    public string FolderOf(ParseResult parsed) => parsed.GetValue(folder) ?? defaultFolder ?? Path.Combine(
        here.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "certs");

    /// <summary>The stem of the file names.</summary>
    /// <exception cref="CommandFault">It is no file name.</exception>
    public string NameOf(ParseResult parsed)
    {
        string stem = parsed.GetValue(name) ?? DefaultName;
        bool isFileName = stem.Length > 0 && stem[0] != '.' && stem.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) < 0;
        if (!isFileName)
        {
            throw CommandFault.Usage($"--name '{stem}' cannot begin a file name", "leave folders to --out");
        }

        bool isTaken = stem == CertificateFiles.BundleStem || stem.EndsWith("-key", StringComparison.Ordinal) || stem.EndsWith("-combined", StringComparison.Ordinal);
        return !isTaken ? stem : throw CommandFault.Usage(
            $"--name '{stem}' would make files that look like the key or the bundle of another certificate", "choose another --name");
    }
}
