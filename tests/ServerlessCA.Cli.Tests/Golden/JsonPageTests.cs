using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Commands;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Tests that docs/json.md fits the recorded sessions: members and their types come from what the program wrote,
/// meanings are written by hand and stay. UPDATE_GOLDEN=1 writes the page anew.</summary>
public sealed partial class JsonPageTests
{
    private const string Messages = "Standard error";

    private static readonly string Page = Repository.At("docs", "json.md");

    [Fact]
    public async Task The_page_has_every_member_that_the_program_printed_and_no_other()
    {
        string written = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);

        string made = Make(written);

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Page, made, TestContext.Current.CancellationToken);
        }
        else
        {
            Assert.Equal(made, written);
        }
    }

    [Fact]
    public void Every_member_has_a_meaning() =>
        Assert.DoesNotContain("", Row().Matches(File.ReadAllText(Page)).Select(row => row.Groups["meaning"].Value.Trim()));

    [Fact]
    public void Every_command_with_a_result_is_on_the_page() => Assert.Empty(
        UsageTests.Commands.Select(row => row.Data).Except(["completion", "help", "schema"]).Except(Shapes().Keys.Select(name => name.Split(' ')[0])));

    [Fact]
    public void Times_of_our_own_have_a_zone()
    {
        string[] answers = ["request", "renew", "chain", "show", "get"]; // repeat the CA's answer, or a row of the table

        string[] others = [.. Shapes().SelectMany(shape => shape.Value.Members.Select(member => (shape.Key, member.Path, member.Kinds)))
            .Where(member => member.Kinds.Contains("contract time", StringComparison.Ordinal))
            .Where(member => !(answers.Contains(member.Key) && member.Path.StartsWith("CertificateInfo", StringComparison.Ordinal)))
            .Select(member => $"{member.Key} {member.Path}")];

        Assert.Empty(others);
    }

    private static string Make(string written)
    {
        int tables = written.IndexOf("\n## ", StringComparison.Ordinal);
        var page = new StringBuilder(tables < 0 ? written.TrimEnd() + "\n" : written[..(tables + 1)]);
        Dictionary<(string, string), string> meanings = MeaningsIn(written);
        foreach ((string name, JsonShape shape) in Shapes())
        {
            page.Append($"{(page[^2] == '\n' ? "" : "\n")}## {name}\n\n| member | is | meaning |\n| --- | --- | --- |\n");
            foreach ((string path, string kinds) in shape.Members)
            {
                page.Append($"| `{path}` | {kinds} | {meanings.GetValueOrDefault((name, path), "")} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd() + "\n";
    }

    private static Dictionary<(string Command, string Path), string> MeaningsIn(string page)
    {
        var meanings = new Dictionary<(string, string), string>();
        string heading = "";
        foreach (string line in page.Split('\n'))
        {
            heading = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : heading;
            if (Row().Match(line) is { Success: true } row)
            {
                meanings[(heading, row.Groups["path"].Value)] = row.Groups["meaning"].Value.Trim();
            }
        }

        return meanings;
    }

    private static SortedDictionary<string, JsonShape> Shapes()
    {
        var shapes = new SortedDictionary<string, JsonShape>(Comparer<string>.Create((one, other) =>
            (one == Messages, one).CompareTo((other == Messages, other)))); // messages last
        string folder = Repository.At("tests", "golden", "cli");
        foreach (string file in Directory.EnumerateFiles(folder, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            bool onAws = Path.GetDirectoryName(file) != folder;
            foreach (Match command in Command().Matches(File.ReadAllText(file)))
            {
                string name = command.Groups["name"].Value;
                AddAll(name == "run" && onAws ? "run on AWS" : name, Result(command.Groups["output"].Value, ofErrors: false));
                AddAll(Messages, Result(command.Groups["output"].Value, ofErrors: true));
            }
        }

        return shapes;

        void AddAll(string name, string values)
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(values), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                if (!(name != Messages && value.RootElement.ValueKind == JsonValueKind.Object && value.RootElement.TryGetProperty("error", out _)))
                {
                    shapes.TryAdd(name, new JsonShape());
                    shapes[name].Add(value.RootElement);
                }
            }
        }
    }

    // Standard error follows "! ", and an exit code is not output.
    private static string Result(string output, bool ofErrors) => string.Join('\n', output.Split('\n')
        .Where(line => line.StartsWith("! ", StringComparison.Ordinal) == ofErrors && !line.StartsWith("exit code ", StringComparison.Ordinal))
        .Select(line => ofErrors ? line[2..] : line));

    [GeneratedRegex(@"^\$ serverless-ca (?<name>[a-z-]+)(?= )(?:(?! -- )[^\n])*? --output[ =]json[^\n]*\n(?<output>.*?)(?=^\$ |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^\| `(?<path>[^`]+)` \| (?<kinds>[^|]+) \|(?<meaning>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

/// <summary>Collects the members of the JSON values of sessions, with the types that each can have.</summary>
internal sealed partial class JsonShape
{
    private readonly SortedDictionary<int, (string Path, SortedSet<string> Kinds)> members = [];

    /// <summary>The members, in the order in which they first appeared.</summary>
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

    // A member that appeared late is sorted to its siblings.
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
