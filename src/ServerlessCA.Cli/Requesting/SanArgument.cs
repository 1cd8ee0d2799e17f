using ServerlessCA.Core.Names;

namespace ServerlessCA.Cli.Requesting;

/// <summary>An alternative name of <c>--san</c>, whose value is <c>[TYPE:]VALUE[,…]</c>: types as we and as openssl write
/// them, in any case; without one an address is an address and anything else a DNS name.</summary>
internal static class SanArgument
{
    /// <summary>For the help.</summary>
    public const string Form = "[TYPE:]VALUE[,...]";

    /// <summary>The type of DNS names.</summary>
    public const string DnsName = "DNS_NAME";

    /// <summary>The type of addresses.</summary>
    public const string IpAddress = "IP_ADDRESS";

    private const string Url = "URL";
    private const string Directory = "DN";
    private const string HowToWrite = "write dns:, ip:, email:, url: or dn: before it, such as url:https://www.example.com/a";

    private static readonly Dictionary<string, string> ShortTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dns"] = DnsName,
        ["ip"] = IpAddress,
        ["ip address"] = IpAddress, // as openssl shows it
        ["email"] = "EMAIL_ADDRESS",
        ["url"] = Url,
        ["uri"] = Url,
        ["dn"] = Directory,
    };

    /// <summary>Reads the names. Commas part them; those of a URL or a DN are its own.</summary>
    /// <exception cref="CommandFault">One is no name: a certificate without it would be found out by its users.</exception>
    public static IReadOnlyList<GeneralName> Read(string text)
    {
        var names = new List<GeneralName>();
        for (string? rest = text; rest is not null;)
        {
            int comma = TypeOf(rest) is Url or Directory ? -1 : rest.IndexOf(',', StringComparison.Ordinal);
            names.Add(ReadOne((comma < 0 ? rest : rest[..comma]).Trim(), text));
            rest = comma < 0 ? null : rest[(comma + 1)..];
        }

        return names;
    }

    private static GeneralName ReadOne(string item, string text)
    {
        if (item.Length == 0)
        {
            throw CommandFault.Usage($"--san '{text}' has an empty name", "leave out the comma, or write a name beside it");
        }

        int colon = item.IndexOf(':', StringComparison.Ordinal);
        (string type, string value) = GeneralName.TryParse(IpAddress, item, out _, out _) ? (IpAddress, item)
            : colon < 0 ? (DnsName, item)
            : TypeOf(item) is { } given ? (given, item[(colon + 1)..].Trim())
            : throw CommandFault.Usage($"--san '{item}': '{item[..colon]}' is not a type of name", HowToWrite);
        if (!GeneralName.TryParse(type, value, out GeneralName? name, out string? why, singleLabels: true))
        {
            throw CommandFault.Usage($"--san '{item}' {why}", $"correct it, or {HowToWrite}");
        }

        return type is Url or Directory && NextOf(value) is { } next
            ? throw CommandFault.Usage($"--san '{item}': '{next}' would be a part of the {type}", "give it in a --san of its own, or write the comma as %2C")
            : name;
    }

    // Somebody thought that the comma ends the URL.
    private static string? NextOf(string value) =>
        value.Split(',').Skip(1).Select(part => part.Trim()).FirstOrDefault(part => TypeOf(part) is not null);

    private static string? TypeOf(string item)
    {
        int colon = item.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? "" : item[..colon].Trim();
        return ShortTypes.TryGetValue(word, out string? type) ? type : GeneralName.IsKnownType(word) ? word.ToUpperInvariant() : null;
    }
}
