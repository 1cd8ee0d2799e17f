using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>Reads one element of the setting strictly. Problems name the key and never repeat a value: it may be a
/// secret that was put into the wrong place.</summary>
internal sealed partial class TargetObject
{
    private const int MaxText = 1000; // characters; our decision

    private static readonly string[] Secrets = ["token", "secret", "password"];

    private readonly string path;
    private readonly List<string> problems;
    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    public TargetObject(string path, JsonElement json, List<string> problems)
    {
        this.path = path;
        this.problems = problems;
        foreach (JsonProperty member in json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            values[member.Name] = member.Value;
        }
    }

    public void Problem(string key, string what) => problems.Add($"{path}.{key} {what}");

    /// <summary>Reports keys that this type of target does not have.</summary>
    public void Allow(params IReadOnlyList<string> known)
    {
        foreach (string key in values.Keys.Where(key => !known.Contains(key)).Order(StringComparer.Ordinal))
        {
            Problem(key, Secrets.Contains(key)
                ? $"is not allowed: secrets belong into an environment variable ({key}_env) or a file ({key}_file)"
                : $"is not known; the keys are: {string.Join(", ", known)}");
        }
    }

    /// <summary>Reads a text in one line that fits; null if it is absent, or reported.</summary>
    public string? Text(string key, string expected, Func<string, bool> fits, bool required = false)
    {
        if (!values.TryGetValue(key, out JsonElement json))
        {
            ReportMissing(key, expected, required);
            return null;
        }

        string? text = TextOf(json);
        if (text is null || !fits(text))
        {
            Problem(key, $"must be {expected}");
            return null;
        }

        return text;
    }

    /// <summary>Reads a list, not empty, of texts that fit; empty if it is reported.</summary>
    public IReadOnlyList<string> Texts(string key, string expected, Func<string, bool> fits)
    {
        if (!values.TryGetValue(key, out JsonElement json))
        {
            ReportMissing(key, expected, required: true);
            return [];
        }

        string?[] texts = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(TextOf)] : [];
        if (texts.Length == 0 || !texts.All(text => text is not null && fits(text)))
        {
            Problem(key, $"must be {expected}");
            return [];
        }

        return [.. texts.Select(text => text!)];
    }

    public int? Number(string key, int min, int max)
    {
        if (!values.TryGetValue(key, out JsonElement json))
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int number) && number >= min && number <= max)
        {
            return number;
        }

        Problem(key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return null;
    }

    /// <summary>Reads <c>{name}_env</c> or <c>{name}_file</c>; null if neither is there, or reported.</summary>
    /// <param name="name">The name of the secret.</param>
    /// <param name="folder">The folder that a relative path counts from.</param>
    /// <param name="required">Whether one of them must be there.</param>
    public SecretSource? Secret(string name, string folder, bool required)
    {
        string? variable = Text($"{name}_env", "the name of an environment variable (not the secret itself)", text => VariableName().IsMatch(text));
        string? file = Text($"{name}_file", "the path of a file", text => text.Length > 0);
        bool hasVariable = values.ContainsKey($"{name}_env");
        bool hasFile = values.ContainsKey($"{name}_file");
        if (hasVariable && hasFile)
        {
            Problem($"{name}_file", $"must be left out, since {name}_env is set");
        }
        else if (required && !hasVariable && !hasFile)
        {
            Problem($"{name}_env", $"is missing: set it to the name of an environment variable, or {name}_file to the path of a file");
        }

        return variable is not null ? new SecretSource(variable, File: null)
            : file is not null ? new SecretSource(Variable: null, Path.GetFullPath(file, Path.GetFullPath(folder)))
            : null;
    }

    private void ReportMissing(string key, string expected, bool required)
    {
        if (required)
        {
            Problem(key, $"is missing: set it to {expected}");
        }
    }

    private static string? TextOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && JsonFaults.IsUnicode(json)
        && json.GetString()!.Trim() is { Length: > 0 and <= MaxText } text && !text.Any(char.IsControl) ? text : null;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableName();
}

/// <summary>Checks an address that requests may go to: http or https, with a host, without user, password and
/// fragment.</summary>
internal static class WebAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0 && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
}
