using System.Text.RegularExpressions;
using ServerlessCA.Lambda.Runtime;

namespace ServerlessCA.Lambda.Handlers;

/// <summary>Finds out which policy binds a caller: the one whose name is the alias in the invoked ARN. IAM decides who may invoke
/// which alias, so the caller cannot choose (decision 0016).</summary>
internal static partial class InvokedAlias
{
    private const string Latest = "$LATEST"; // another name of the function without a version

    /// <summary>Returns the name of the policy; null when none binds the caller, who invoked the function itself.</summary>
    /// <param name="functionArn">The ARN by which the caller named the function; null when Lambda did not say it.</param>
    /// <param name="policies">The names of all policies; when there are none, every alias and version is the function
    /// itself.</param>
    /// <exception cref="UnknownPolicyException">Policies exist, and the ARN names none of them and not the function
    /// itself: a policy that was removed, a version, or an alias that somebody else made.</exception>
    public static string? PolicyOf(string? functionArn, IReadOnlyCollection<string> policies)
    {
        if (policies.Count == 0)
        {
            return null;
        }

        Match arn = FunctionArn().Match(functionArn ?? "");
        if (!arn.Success)
        {
            throw new UnknownPolicyException("Lambda did not say by which ARN this function was invoked, so nobody knows which policy counts. Nothing was issued.");
        }

        string alias = arn.Groups["qualifier"].Value;
        bool isFunctionItself = alias.Length == 0 || alias == Latest || alias == arn.Groups["name"].Value; // the original's alias has the function's name
        return isFunctionItself ? null
            : policies.Contains(alias) ? alias
            : throw new UnknownPolicyException(
                $"'{alias}' is no policy of this CA. Nothing was issued. Invoke the function by the alias of a policy, which are {string.Join(", ", policies.Order(StringComparer.Ordinal))}, or by its name alone.");
    }

    [GeneratedRegex(@"\Aarn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:(?<name>[A-Za-z0-9_-]+)(:(?<qualifier>\$LATEST|[A-Za-z0-9_-]+))?\z")]
    private static partial Regex FunctionArn();
}
