using System.CommandLine;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;

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
    public void Fill(ParseResult parsed, JsonObject request)
    {
        foreach ((Option<string?> option, SubjectAttribute attribute) in options.Zip(SubjectAttributes.All))
        {
            if (parsed.GetValue(option) is { } value)
            {
                request[attribute.RequestKey] = value;
            }
        }
    }

    /// <summary>The subject of a request, for a CSR.</summary>
    /// <exception cref="CommandFault">A value does not fit its attribute.</exception>
    public static DistinguishedName SubjectOf(JsonObject request)
    {
        var attributes = new List<NameAttribute>();
        foreach (SubjectAttribute attribute in SubjectAttributes.All)
        {
            if (JsonRequest.Text(request, attribute.RequestKey) is not { Length: > 0 } value)
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
