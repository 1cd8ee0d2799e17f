using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Options;

/// <summary>The ARN of a function, perhaps of one version or alias of it (AWS Lambda API reference, FunctionArn).
/// Immutable.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Region">Where the function is.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Name">What it is called there.</param>
internal sealed partial record FunctionArn(string Text, string Region, string Account, string Name)
{
    /// <summary>How it is written.</summary>
    public const string Form = "arn:aws:lambda:REGION:ACCOUNT:function:NAME or arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS";

    /// <summary>That of a function by its name.</summary>
    /// <param name="partition">Such as <c>aws</c>.</param>
    /// <param name="region">Where it is.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="name">Its name.</param>
    public static FunctionArn Of(string partition, string region, string account, string name) =>
        new($"arn:{partition}:lambda:{region}:{account}:function:{name}", region, account, name);

    /// <summary>Reads it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionArn? arn)
    {
        Match match = Pattern().Match(text);
        arn = match.Success ? new FunctionArn(text, match.Groups["region"].Value, match.Groups["account"].Value, match.Groups["name"].Value) : null;
        return match.Success;
    }

    [GeneratedRegex(@"\Aarn:aws(-[a-z]+)*:lambda:(?<region>[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}):(?<account>[0-9]{12}):function:(?<name>[A-Za-z0-9_-]{1,64})(:([A-Za-z0-9_-]{1,128}|\$LATEST))?\z")]
    private static partial Regex Pattern();
}
