using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The common name of a server among its alternative names: TLS programs look there only, and names that are given
/// stand instead of it (SPEC section 5).</summary>
internal static class CommonNameSan
{
    /// <summary>The option that leaves it out.</summary>
    public const string Without = "--no-common-name-san";

    /// <summary>Adds it to the names of <c>--san</c>, and where none are given if the CA would not take it by itself.</summary>
    /// <param name="request">What is asked for, its common name included.</param>
    /// <param name="areGiven">Whether the names come from <c>--san</c>; those of a file are left as they are.</param>
    /// <returns>What was added; null: nothing.</returns>
    public static string? Add(JsonObject request, bool areGiven)
    {
        if (AskedContents.Of(RequestInput.Utf8(request)) is not { IsForServers: true, CommonName: { } commonName } asked || NameOf(commonName) is not { } name)
        {
            return null;
        }

        bool isMissing = asked.HasSans ? areGiven && !asked.Sans.Any(given => AreSame(given, name)) : asked.Sans.Count == 0;
        if (!isMissing)
        {
            return null;
        }

        JsonArray sans = asked.HasSans ? request[RequestKeys.Sans]!.AsArray() : [];
        bool areTexts = name.Type == SanArgument.DnsName && sans.All(san => san is JsonValue);
        request[RequestKeys.Sans] = new JsonArray(
            [areTexts ? JsonValue.Create(commonName) : new SanArgument(name.Type, commonName).ToJson(), .. sans.Select(san => areTexts ? san!.DeepClone() : Typed(san!))]);
        return commonName;
    }

    /// <summary>Says if it cannot be left out.</summary>
    /// <exception cref="CommandFault">Without other names the CA takes the common name by itself.</exception>
    public static void ExpectOthers(JsonObject request)
    {
        if (AskedContents.Of(RequestInput.Utf8(request)) is { HasSans: false, Sans.Count: > 0 })
        {
            throw CommandFault.Usage($"{Without} is given without any --san: the CA then takes the common name", "give other names with --san");
        }
    }

    private static JsonNode Typed(JsonNode san) =>
        san is JsonValue text ? new SanArgument(SanArgument.DnsName, text.GetValue<string>()).ToJson() : san.DeepClone();

    /// <summary>A common name as an alternative one; null when it names no host.</summary>
    public static GeneralName? NameOf(string commonName) =>
        GeneralName.TryParse(SanArgument.IpAddress, commonName, out GeneralName? address, out _) ? address
        : GeneralName.TryParse(SanArgument.DnsName, commonName, out GeneralName? name, out _, singleLabels: true) ? name
        : null;

    private static bool AreSame(GeneralName one, GeneralName other) => one is DnsGeneralName name && other is DnsGeneralName domain
        ? string.Equals(name.Name.Value, domain.Name.Value, StringComparison.OrdinalIgnoreCase)
        : SubjectAlternativeName.Encode([one]).AsSpan().SequenceEqual(SubjectAlternativeName.Encode([other]));
}
