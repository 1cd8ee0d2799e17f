using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Reads the value of <c>--san</c>, <c>[TYPE:]VALUE[,…]</c>. Types are written as in requests or as openssl writes
/// them, in any case; without a type an address is an address and anything else a DNS name.</summary>
internal static class SanArgument
{
    /// <summary>The form, for the help.</summary>
    public const string Form = "[TYPE:]VALUE[,...]";

    /// <summary>The type of DNS names in requests.</summary>
    public const string DnsName = "DNS_NAME";

    /// <summary>The type of IP addresses in requests.</summary>
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

    /// <summary>Reads the names, which commas separate; commas in a URL or a DN belong to it.</summary>
    /// <exception cref="CommandFault">One of them is not a name. The CA would leave it out, and only users of the
    /// certificate would notice.</exception>
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

    // Finds a typed name behind a comma: the user meant the comma to end the URL or DN.
    private static string? NextOf(string value) =>
        value.Split(',').Skip(1).Select(part => part.Trim()).FirstOrDefault(part => TypeOf(part) is not null);

    private static string? TypeOf(string item)
    {
        int colon = item.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? "" : item[..colon].Trim();
        return ShortTypes.TryGetValue(word, out string? type) ? type : GeneralName.IsKnownType(word) ? word.ToUpperInvariant() : null;
    }
}

/// <summary>Adds the common name of a server to its alternative names: TLS programs look only there, and names that are
/// given replace the one that the CA takes from the common name (contract section 5).</summary>
internal static class CommonNameSan
{
    /// <summary>The option that leaves the common name out.</summary>
    public const string Without = "--no-common-name-san";

    /// <summary>Adds the common name to the names of <c>--san</c>; without any <c>--san</c> only if the CA would not take it
    /// by itself.</summary>
    /// <param name="request">The request, which has its common name already.</param>
    /// <param name="areGiven">Whether the names come from <c>--san</c>; those of a file stay as they are.</param>
    /// <returns>The request, and the name that was added; null when none was.</returns>
    public static (CertificateRequest Request, string? Added) Add(CertificateRequest request, bool areGiven)
    {
        var requested = RequestedContents.Of(request);
        if (!request.IsForServers || requested.CommonName is not { } commonName || NameOf(commonName) is not { } name)
        {
            return (request, null);
        }

        bool isMissing = requested.HasSans ? areGiven && !request.Sans!.Any(given => AreSame(given, name)) : requested.Sans.Count == 0;
        return isMissing ? (request with { Sans = [name, .. request.Sans ?? []] }, commonName) : (request, null);
    }

    /// <summary>Checks that the request has other names, so that the common name can be left out.</summary>
    /// <exception cref="CommandFault">It has none: the CA then takes the common name by itself.</exception>
    public static void ExpectOthers(CertificateRequest request)
    {
        if (RequestedContents.Of(request) is { HasSans: false, Sans.Count: > 0 })
        {
            throw CommandFault.Usage($"{Without} is given without any --san: the CA then takes the common name", "give other names with --san");
        }
    }

    /// <summary>Returns a common name as an alternative name; null when it is neither a DNS name nor an address.</summary>
    public static GeneralName? NameOf(string commonName) =>
        GeneralName.TryParse(SanArgument.IpAddress, commonName, out GeneralName? address, out _) ? address
        : GeneralName.TryParse(SanArgument.DnsName, commonName, out GeneralName? name, out _, singleLabels: true) ? name
        : null;

    private static bool AreSame(GeneralName one, GeneralName other) => one is DnsGeneralName name && other is DnsGeneralName domain
        ? string.Equals(name.Name.Value, domain.Name.Value, StringComparison.OrdinalIgnoreCase)
        : SubjectAlternativeName.Encode([one]).AsSpan().SequenceEqual(SubjectAlternativeName.Encode([other]));
}

/// <summary>Reads the value of <c>--extension</c>, <c>OID=BASE64[,critical]</c>.</summary>
internal static class ExtensionArgument
{
    /// <summary>The form, for the help.</summary>
    public const string Form = "OID=BASE64[,critical]";

    private const string Critical = ",critical";

    /// <summary>Reads it; OID and value are for the CA to judge.</summary>
    /// <exception cref="CommandFault">There is no value.</exception>
    public static RequestedExtension Read(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw CommandFault.Usage($"--extension '{text}' has no value", $"write {Form}, such as 1.3.6.1.4.1.57264.1.1=DAR0ZXN0");
        }

        bool critical = text.EndsWith(Critical, StringComparison.Ordinal);
        return new RequestedExtension(text[..equals], text[(equals + 1)..(critical ? ^Critical.Length : ^0)], critical);
    }
}
