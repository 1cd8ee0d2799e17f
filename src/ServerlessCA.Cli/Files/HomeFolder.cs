namespace ServerlessCA.Cli.Files;

/// <summary>The user's home folder, also where <c>~</c> reached us: shells replace it at the beginning of a word only, not
/// behind <c>local:</c> or <c>--out=</c>.</summary>
internal static class HomeFolder
{
    private const string Sign = "~";

    /// <summary>Where it is.</summary>
    /// <exception cref="CommandFault">The user has none, as in many containers.</exception>
    public static string Of(Surroundings here)
    {
        string home = here.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        bool isKnown = home.Length > 0 && (home != "/" || here.Variable("HOME") is not null); // the platform's word for none
        return isKnown ? home : throw CommandFault.Usage("this user has no home folder", "name the folder, or set the variable HOME");
    }

    /// <summary>A path without <c>~</c> at its beginning.</summary>
    public static string Expand(string path, Surroundings here) =>
        path == Sign ? Of(here)
        : path.StartsWith($"{Sign}/", StringComparison.Ordinal) || path.StartsWith($"{Sign}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? Path.Combine(Of(here), path[2..])
        : path;
}
