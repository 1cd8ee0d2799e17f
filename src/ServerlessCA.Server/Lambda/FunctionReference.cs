using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Lambda;

/// <summary>Reads how a caller names a function: by its name, a partial or a full ARN, each with or without a
/// qualifier. Accounts and regions are ignored: there is only this CA. Immutable.</summary>
internal sealed partial record FunctionReference
{
    /// <summary>The only version there is.</summary>
    public const string Latest = "$LATEST";

    private const int MaxLength = 170; // from the API reference: a full ARN
    private const string DefaultRegion = "us-east-1";
    private const string DefaultAccount = "000000000000";

    private FunctionReference(string name, string? qualifier, string region, string account)
    {
        Name = name;
        Qualifier = qualifier;
        Region = region;
        Account = account;
    }

    /// <summary>The function's name.</summary>
    public string Name { get; }

    /// <summary>The version or alias; null without one.</summary>
    public string? Qualifier { get; }

    /// <summary>The region in the ARN.</summary>
    public string Region { get; }

    /// <summary>The account in the ARN.</summary>
    public string Account { get; }

    /// <summary>Whether the qualifier means the only version.</summary>
    public bool IsLatest => Qualifier is null or Latest;

    /// <summary>Returns the ARN of a function here.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="region">The region that the caller signed for; null: one that every SDK knows.</param>
    public static string ArnOf(string name, string? region) => $"arn:aws:lambda:{region ?? DefaultRegion}:{DefaultAccount}:function:{name}";

    /// <summary>Reads the path's reference and the query's qualifier.</summary>
    public static bool TryParse(
        string text, string? qualifier, [NotNullWhen(true)] out FunctionReference? reference, [NotNullWhen(false)] out ApiFault? why)
    {
        reference = null;
        Match match = text.Length <= MaxLength ? Pattern().Match(text) : Match.Empty;
        if (!match.Success)
        {
            why = ApiFault.BadName("The function name is not valid: give a name or an ARN of a function.");
            return false;
        }

        string? ofPath = match.Groups["qualifier"] is { Success: true } group ? group.Value : null;
        if (qualifier is not null && !QualifierPattern().IsMatch(qualifier))
        {
            why = ApiFault.BadName("The qualifier is not valid: give $LATEST, or none.");
            return false;
        }

        if (ofPath is not null && qualifier is not null && ofPath != qualifier)
        {
            why = ApiFault.BadValue("The derived qualifier from the function name does not match the specified qualifier.");
            return false;
        }

        why = null;
        reference = new FunctionReference(
            match.Groups["name"].Value, ofPath ?? qualifier, ValueOr(match.Groups["region"], DefaultRegion), ValueOr(match.Groups["account"], DefaultAccount));
        return true;
    }

    /// <summary>Returns the ARN with its qualifier, for messages.</summary>
    public override string ToString() =>
        $"arn:aws:lambda:{Region}:{Account}:function:{Name}{(Qualifier is null ? "" : $":{Qualifier}")}";

    private static string ValueOr(Group group, string otherwise) => group.Success ? group.Value : otherwise;

    // The pattern of the API reference.
    [GeneratedRegex(
        @"\A(arn:aws[a-zA-Z-]*:lambda:)?((?<region>[a-z]{2}(-[a-z]+)+-[0-9]):)?((?<account>[0-9]{12}):)?(function:)?(?<name>[a-zA-Z0-9_-]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A(\$LATEST|[a-zA-Z0-9_-]{1,128})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex QualifierPattern();
}
