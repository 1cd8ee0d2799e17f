using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>What the JSON values of sessions have in common: a line for each member, with what it can be.</summary>
internal sealed partial class JsonShape
{
    private readonly SortedDictionary<int, (string Path, SortedSet<string> Kinds)> members = [];

    /// <summary>Members in the order in which they first came.</summary>
    public IEnumerable<(string Path, string Kinds)> Members => Ordered().Select(member => (member.Path, string.Join(" or ", member.Kinds)));

    /// <summary>Adds a value.</summary>
    public void Add(JsonElement value, string path = "")
    {
        if (path.Length > 0)
        {
            KindsOf(path).Add(KindOf(value));
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Add(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Add(element, $"{path}[]");
                }

                break;
            default:
                break;
        }
    }

    // A member that came late stands with its siblings.
    private List<(string Path, SortedSet<string> Kinds)> Ordered()
    {
        var ordered = new List<(string Path, SortedSet<string> Kinds)>();
        foreach ((string path, SortedSet<string> kinds) in members.Values)
        {
            int parent = ordered.FindLastIndex(known => IsWithin(path, known.Path));
            int place = parent < 0 ? ordered.Count : ordered.FindLastIndex(known => known.Path == ordered[parent].Path || IsWithin(known.Path, ParentOf(path))) + 1;
            ordered.Insert(place, (path, kinds));
        }

        return ordered;
    }

    private static bool IsWithin(string path, string parent) =>
        parent.Length > 0 && path.StartsWith(parent, StringComparison.Ordinal) && path.Length > parent.Length && path[parent.Length] is '.' or '[';

    private static string ParentOf(string path) => path.EndsWith("[]", StringComparison.Ordinal) ? path[..^2]
        : path.LastIndexOf('.') is > 0 and int dot ? path[..dot] : "";

    private SortedSet<string> KindsOf(string path)
    {
        foreach ((string known, SortedSet<string> kinds) in members.Values)
        {
            if (known == path)
            {
                return kinds;
            }
        }

        var fresh = new SortedSet<string>(StringComparer.Ordinal);
        members.Add(members.Count, (path, fresh));
        return fresh;
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "list",
        JsonValueKind.True or JsonValueKind.False => "true/false",
        JsonValueKind.Number => "number",
        JsonValueKind.Null => "null",
        _ => Rfc3339Time().IsMatch(value.GetString()!) ? "time" : TableTime().IsMatch(value.GetString()!) ? "contract time" : "text",
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    private static partial Regex Rfc3339Time();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")]
    private static partial Regex TableTime();
}
