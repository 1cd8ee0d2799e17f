using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The value of <c>--san</c>: <c>[TYPE:]VALUE</c>. Immutable.</summary>
/// <param name="Type">As requests name it, such as <c>DNS_NAME</c>.</param>
/// <param name="Value">The name; the CA judges it.</param>
internal sealed record SanArgument(string Type, string Value)
{
    /// <summary>For the help.</summary>
    public const string Form = "[TYPE:]VALUE";

    private const string DnsName = "DNS_NAME";

    private static readonly Dictionary<string, string> ShortTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dns"] = DnsName,
        ["ip"] = "IP_ADDRESS",
        ["email"] = "EMAIL_ADDRESS",
        ["url"] = "URL",
        ["dn"] = "DN",
    };

    /// <summary>Reads it; without a type the name is a DNS name.</summary>
    /// <exception cref="CommandFault">The type is unknown: a colon has no place in a DNS name.</exception>
    public static SanArgument Of(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return new SanArgument(DnsName, text);
        }

        (string type, string value) = (text[..colon], text[(colon + 1)..]);
        return ShortTypes.TryGetValue(type, out string? name) ? new SanArgument(name, value)
            : GeneralName.IsKnownType(type) ? new SanArgument(type.ToUpperInvariant(), value)
            : throw CommandFault.Usage(
                $"--san '{text}': '{type}' is not a type of name", "write dns:, ip:, email:, url: or dn: before it, such as ip:fe80::1");
    }

    /// <summary>As requests have it.</summary>
    public JsonObject ToJson() => new() { ["type"] = Type, ["value"] = Value };

    /// <summary>The name, or null when it is none: the CA then leaves it out and says so.</summary>
    public GeneralName? ToName() => GeneralName.TryParse(Type, Value, out GeneralName? name, out _) ? name : null;
}
