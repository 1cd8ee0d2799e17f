namespace ServerlessCA.Cli.Authorities;

/// <summary>One choice of whoever makes a CA. Immutable.</summary>
/// <param name="Key">In <c>settings.json</c>.</param>
/// <param name="Option">On the command line.</param>
/// <param name="Value">What was chosen.</param>
internal sealed record FirstUseChoice(string Key, string Option, string Value)
{
    /// <summary>Key of the project's name.</summary>
    public const string Project = "project";

    /// <summary>Key of the environment's name.</summary>
    public const string Environment = "env";

    /// <summary>Key of the root key's spec.</summary>
    public const string RootKeySpec = "root_ca_key_spec";

    /// <summary>Key of the issuing key's spec.</summary>
    public const string IssuingKeySpec = "issuing_ca_key_spec";
}
