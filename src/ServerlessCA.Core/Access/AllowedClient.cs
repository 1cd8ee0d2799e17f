using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Access;

/// <summary>A name whose client certificates admit, and what they admit to. Immutable.</summary>
public sealed record AllowedClient
{
    /// <summary>As a name: every certificate for clients.</summary>
    public const string Everybody = "*";

    private const char Separator = '=';

    private AllowedClient(string name, AccessLevel level) => (Name, Level) = (name, level);

    /// <summary>A common name, or <see cref="Everybody"/>.</summary>
    public string Name { get; }

    /// <summary>What its holder may do.</summary>
    public AccessLevel Level { get; }

    /// <summary>Reads <c>NAME</c>, whose level is <see cref="AccessLevel.Request"/>, or <c>NAME=LEVEL</c>.</summary>
    /// <param name="text">As an operator wrote it.</param>
    /// <param name="client">The name with its level.</param>
    /// <param name="why">What is wrong with it, behind the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out AllowedClient? client, [NotNullWhen(false)] out string? why)
    {
        int separator = text.LastIndexOf(Separator);
        string name = separator < 0 ? text : text[..separator];
        AccessLevel level = AccessLevel.Request;
        bool isLevel = separator < 0 || AccessLevels.TryParse(text[(separator + 1)..], out level);
        why = !isLevel ? $"ends in no level: write NAME={AccessLevels.Name(AccessLevel.Request)} or NAME={AccessLevels.Name(AccessLevel.Operate)}"
            : string.IsNullOrWhiteSpace(name) ? "has no name: write the common name of the client's certificate"
            : name == Everybody && level != AccessLevel.Request ? "would make everybody an operator who is given any certificate: name those who are"
            : null;
        client = why is null ? new AllowedClient(name, level) : null;
        return why is null;
    }
}
