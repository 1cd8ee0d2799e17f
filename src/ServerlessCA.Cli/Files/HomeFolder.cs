namespace ServerlessCA.Cli.Files;

/// <summary>Finds the user's home folder and replaces <c>~</c> by it, since shells do so at the beginning of a word only,
/// not behind <c>local:</c> or <c>--out=</c>.</summary>
internal static class HomeFolder
{
    private const string Sign = "~";

    /// <summary>Returns the path of the home folder.</summary>
    /// <exception cref="CommandFault">The user has none, as is common in containers.</exception>
    public static string Of(Surroundings here)
    {
        string home = here.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        bool isKnown = home.Length > 0 && (home != "/" || here.Variable("HOME") is not null); // which the platform returns when there is none
        return isKnown ? home : throw CommandFault.Usage("this user has no home folder", "name the folder, or set the variable HOME");
    }

    /// <summary>Replaces <c>~</c> at the beginning of a path.</summary>
    public static string Expand(string path, Surroundings here) =>
        path == Sign ? Of(here)
        : path.StartsWith($"{Sign}/", StringComparison.Ordinal) || path.StartsWith($"{Sign}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? Path.Combine(Of(here), path[2..])
        : path;
}
