using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Server.Api;

/// <summary>Reads the query parameters of a call. Nothing is ignored: the first parameter that is not known, stands twice or has a
/// value of another form becomes the <see cref="Fault"/>.</summary>
internal sealed class ApiParameters
{
    private const int MaxLength = 1024; // characters; our decision: names have at most 253

    private readonly IQueryCollection query;

    /// <summary>Takes the parameters of a request.</summary>
    /// <param name="query">What the request has.</param>
    /// <param name="known">The names of parameters that the call takes.</param>
    public ApiParameters(IQueryCollection query, IReadOnlyList<string> known)
    {
        this.query = query;
        foreach ((string name, StringValues values) in query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                Refuse($"There is no parameter '{Shown(name)}' here.", known.Count == 0 ? "This call takes none." : $"It takes {string.Join(", ", known)}.");
            }
            else if (values.Count > 1)
            {
                Refuse($"The parameter '{name}' stands {values.Count} times.", "Give it once.");
            }
            else if (values[0]!.Length > MaxLength)
            {
                Refuse($"The parameter '{name}' has more than {MaxLength} characters.");
            }
            else if (!DecodedText.IsWhole(values[0]!) || values[0]!.Any(char.IsControl))
            {
                Refuse($"The parameter '{name}' is not text in UTF-8.");
            }
        }
    }

    /// <summary>The first parameter that cannot be used; null: all can, as far as they were read.</summary>
    public ApiRefusal? Fault { get; private set; }

    /// <summary>Refuses a parameter, unless another one was refused before.</summary>
    public void Refuse(string message, string? hint = null) => Fault ??= ApiRefusal.BadParameter(message, hint);

    /// <summary>Returns a text; null without the parameter, or with an empty one.</summary>
    public string? Text(string name) => Fault is null && query[name] is [{ Length: > 0 } text] ? text : null;

    /// <summary>Returns a whole number within bounds.</summary>
    public int Number(string name, int least, int most, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(string.Create(CultureInfo.InvariantCulture, $"The parameter '{name}' is not a number from {least} to {most}."));
        return otherwise;
    }

    /// <summary>Returns a time, UTC; null without the parameter.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Rfc3339.TryParse(text, out DateTimeOffset time))
        {
            return time;
        }

        Refuse($"The parameter '{name}' is not a time.", "Write it as 2030-01-31T12:00:00Z.");
        return null;
    }

    /// <summary>Returns one of some words; null without the parameter.</summary>
    public string? Word(string name, IReadOnlyList<string> words)
    {
        string? word = Text(name);
        if (word is not null && !words.Contains(word, StringComparer.Ordinal))
        {
            Refuse($"The parameter '{name}' has none of its values.", $"They are {string.Join(", ", words)}.");
        }

        return word;
    }

    /// <summary>Returns the words of a list with commas.</summary>
    public IReadOnlyList<string> Words(string name, IReadOnlyList<string> words)
    {
        string[] given = Text(name)?.Split(',') ?? [];
        if (given.Any(word => !words.Contains(word, StringComparer.Ordinal)))
        {
            Refuse($"The parameter '{name}' has a value that it does not take.", $"It takes a list of {string.Join(", ", words)}, with commas.");
        }

        return given;
    }

    private static string Shown(string name) => name.Length > 64 || name.Any(char.IsControl) ? "…" : name;
}
