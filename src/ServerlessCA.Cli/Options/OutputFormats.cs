namespace ServerlessCA.Cli.Options;

/// <summary>The values of <c>--output</c>.</summary>
internal static class OutputFormats
{
    /// <summary>For people.</summary>
    public const string Text = "text";

    /// <summary>For programs.</summary>
    public const string Json = "json";

    /// <summary>Both.</summary>
    public static readonly string[] All = [Text, Json];
}
