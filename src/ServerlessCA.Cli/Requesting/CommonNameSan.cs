using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The common name of a server among its alternative names: TLS programs look there only, and names that are given
/// stand instead of it (contract section 5).</summary>
internal static class CommonNameSan
{
    /// <summary>The option that leaves it out.</summary>
    public const string Without = "--no-common-name-san";

    /// <summary>Adds it to the names of <c>--san</c>, and where none are given if the CA would not take it by itself.</summary>
    /// <param name="request">What is asked for, its common name included.</param>
    /// <param name="areGiven">Whether the names come from <c>--san</c>; those of a file are left as they are.</param>
    /// <returns>The request, and what was added; null: nothing.</returns>
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

    /// <summary>Says if it cannot be left out.</summary>
    /// <exception cref="CommandFault">Without other names the CA takes the common name by itself.</exception>
    public static void ExpectOthers(CertificateRequest request)
    {
        if (RequestedContents.Of(request) is { HasSans: false, Sans.Count: > 0 })
        {
            throw CommandFault.Usage($"{Without} is given without any --san: the CA then takes the common name", "give other names with --san");
        }
    }

    /// <summary>A common name as an alternative one; null when it names no host.</summary>
    public static GeneralName? NameOf(string commonName) =>
        GeneralName.TryParse(SanArgument.IpAddress, commonName, out GeneralName? address, out _) ? address
        : GeneralName.TryParse(SanArgument.DnsName, commonName, out GeneralName? name, out _, singleLabels: true) ? name
        : null;

    private static bool AreSame(GeneralName one, GeneralName other) => one is DnsGeneralName name && other is DnsGeneralName domain
        ? string.Equals(name.Name.Value, domain.Name.Value, StringComparison.OrdinalIgnoreCase)
        : SubjectAlternativeName.Encode([one]).AsSpan().SequenceEqual(SubjectAlternativeName.Encode([other]));
}
