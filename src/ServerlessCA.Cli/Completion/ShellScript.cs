using System.Reflection;

namespace ServerlessCA.Cli.Completion;

/// <summary>The scripts that teach shells to complete: they ask the program back, so they never grow old.</summary>
internal static class ShellScript
{
    /// <summary>The shells.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish", "powershell"];

    /// <summary>That of one of the <see cref="Shells"/>.</summary>
    public static string For(string shell)
    {
        using Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
