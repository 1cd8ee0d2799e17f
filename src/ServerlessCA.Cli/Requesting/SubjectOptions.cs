using System.CommandLine;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of the subject: one for each attribute.</summary>
internal sealed class SubjectOptions
{
    private readonly Option<string?>[] options = [.. SubjectAttributes.All.Select(Of)];

    /// <summary>In the order of a subject.</summary>
    public IReadOnlyList<Option> All => options;

    /// <summary>The option of a request's key, such as <c>--common-name</c> of <c>common_name</c>.</summary>
    public static string NameOf(SubjectAttribute attribute) => $"--{attribute.RequestKey.Replace('_', '-')}";

    /// <summary>Puts what was given into the request, over what is there.</summary>
    public CertificateRequest Fill(ParseResult parsed, CertificateRequest request)
    {
        var values = new Dictionary<string, string>(request.Subject, StringComparer.Ordinal);
        string? commonName = request.CommonName;
        foreach ((Option<string?> option, SubjectAttribute attribute) in options.Zip(SubjectAttributes.All))
        {
            switch (parsed.GetValue(option))
            {
                case null:
                    break;
                case var value when attribute == SubjectAttributes.CommonName:
                    commonName = value.Length > 0 ? value : null;
                    break;
                case "":
                    values.Remove(attribute.RequestKey);
                    break;
                case var value:
                    values[attribute.RequestKey] = value;
                    break;
            }
        }

        return request with { CommonName = commonName, Subject = values };
    }

    /// <summary>The subject of a request, for a CSR.</summary>
    /// <exception cref="CommandFault">A value does not fit its attribute.</exception>
    public static DistinguishedName SubjectOf(CertificateRequest request)
    {
        var attributes = new List<NameAttribute>();
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            if (request.ValueOf(attribute) is not { Length: > 0 } value)
            {
                continue;
            }

            attributes.Add(attribute.TryMake(value, out NameAttribute? made, out string? why)
                ? made
                : throw CommandFault.Usage($"{NameOf(attribute)} '{value}' {why}", "correct the value"));
        }

        return DistinguishedName.Of(attributes);
    }

    private static Option<string?> Of(SubjectAttribute attribute) => new(NameOf(attribute))
    {
        HelpName = attribute == SubjectAttributes.Country ? "CC" : "TEXT",
        Description = DescriptionOf(attribute),
    };

    private static string DescriptionOf(SubjectAttribute attribute) => attribute.Keyword switch
    {
        "CN" => "The subject's common name (CN): the name of a host, a person, a program; at most 64 characters",
        "C" => "Country (C): two letters, such as GB",
        "E" => "E-mail address (emailAddress) in the subject",
        "L" => "Locality (L), such as a town",
        "O" => "Organization (O)",
        "OU" => "Organizational unit (OU)",
        _ => "State or province (ST)",
    };
}
