using System.Globalization;
using System.Text.Json;

namespace ServerlessCA.Lambda.Settings;

/// <summary>Reads variables one by one and collects what is wrong with them, so that an operator is told everything at
/// once. An empty variable counts as absent: Terraform cannot leave one out.</summary>
internal sealed class EnvironmentVariables(IReadOnlyDictionary<string, string> variables)
{
    private readonly List<string> problems = [];

    /// <summary>Each names the variable and what to do.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Adds a problem found elsewhere.</summary>
    public void Report(string problem) => problems.Add(problem);

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => variables.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

    /// <summary>A text that must be there.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="expected">What to set it to.</param>
    public string Required(string name, string expected)
    {
        if (Text(name) is { } text)
        {
            return text;
        }

        problems.Add($"{name} is not set: set it to {expected}");
        return "";
    }

    /// <summary>A whole number within bounds, or a default.</summary>
    public int Number(string name, int min, int max, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {Quoted(text)}: set it to a whole number from {min} to {max}"));
        return otherwise;
    }

    /// <summary>True or false; absent: false.</summary>
    public bool Flag(string name)
    {
        string? text = Text(name);
        if (text is not (null or "true" or "false"))
        {
            problems.Add($"{name} is {Quoted(text)}: set it to true or false");
        }

        return text == "true";
    }

    /// <summary>A JSON list whose elements all fit, or a default.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="expected">What to set it to, with an example.</param>
    /// <param name="read">An element, or null when it does not fit.</param>
    /// <param name="otherwise">The default.</param>
    public IReadOnlyList<T> List<T>(string name, string expected, Func<JsonElement, T?> read, IReadOnlyList<T> otherwise)
        where T : class
    {
        if (Json(name, expected) is not { } json)
        {
            return otherwise;
        }

        T?[] elements = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(read)] : [null];
        if (Array.TrueForAll(elements, element => element is not null))
        {
            return elements!;
        }

        problems.Add($"{name} is {Quoted(Text(name)!)}: set it to {expected}");
        return otherwise;
    }

    /// <summary>JSON, or null when it is absent or none; the latter is a problem.</summary>
    public JsonElement? Json(string name, string expected)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Core.Requests.JsonFaults.IsUnicode(document.RootElement) ? document.RootElement.Clone() : throw new JsonException("not Unicode");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // the latter: half a character in a key
        {
            problems.Add($"{name} is {Quoted(text)}, which is not JSON: set it to {expected}");
            return null;
        }
    }

    /// <summary>A value as a message repeats it.</summary>
    public static string Quoted(string text) => text.Length <= 100 ? $"'{text}'" : $"'{text[..100]}…'";
}
