using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>The drawings of <c>ARCHITECTURE.md</c> are true: the house has the projects and references of <c>src</c> and the
/// folders of the core, and the ways through it name types that exist.</summary>
public sealed partial class DrawingTests
{
    private const string Core = "Core";

    private static readonly string[] House = DrawingOf("The house");

    private static readonly Dictionary<string, string[]> Rooms = Read(House);

    [Fact]
    public void The_house_has_a_room_for_each_project() => Assert.Equal(Projects(), Rooms.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Each_arrow_of_the_house_is_a_reference_of_the_project_and_each_reference_has_its_arrow() => Assert.All(
        Rooms, room => Assert.Equal(ReferencesOf(room.Key), ArrowsOf(room.Value).Order(StringComparer.Ordinal)));

    [Fact]
    public void The_room_of_the_core_names_each_of_its_folders_once() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "ServerlessCA.Core"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any()).Select(folder => Path.GetFileName(folder))
            .Except(["obj", "bin"]).Order(StringComparer.Ordinal),
        Rooms[Core].SelectMany(line => Folder().Matches(line).Select(name => name.Value)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("The way of a request")]
    [InlineData("The way of a CRL")]
    [InlineData("A run of the pipeline")]
    [InlineData("The delivery of a notification")]
    public void Each_way_names_types_that_exist(string way)
    {
        string[] named = [.. DrawingOf(way).SelectMany(line => Type().Matches(line).Select(name => name.Value)).Except(["EventBridge"])];

        Assert.True(named.Length > 5);
        Assert.Empty(named.Except(Types()));
    }

    [Fact]
    public void A_reference_that_the_drawing_lacks_is_found()
    {
        string[] drawing = ["┌─ Core ───┐ ┌─ Aws ─────┐", "│ Ports    │ │ ──▶ Core, │", "└──────────┘ │ Slack     │", "             └───────────┘"];

        Dictionary<string, string[]> rooms = Read(drawing);

        Assert.Equal(["Aws", Core], rooms.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(ArrowsOf(rooms[Core]));
        Assert.Equal([Core], ArrowsOf(rooms["Aws"])); // of one line
    }

    private static IEnumerable<string> Projects() => Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
        .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
        .Select(folder => Path.GetFileName(folder).Replace("ServerlessCA.", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> ReferencesOf(string project) =>
        Reference().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", $"ServerlessCA.{project}", $"ServerlessCA.{project}.csproj")))
            .Select(reference => reference.Groups[1].Value).Order(StringComparer.Ordinal);

    private static IEnumerable<string> ArrowsOf(IEnumerable<string> lines) =>
        lines.SelectMany(line => Arrow().Matches(line)).SelectMany(arrow => arrow.Groups[1].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            .Select(name => name.Trim().TrimEnd(','));

    // A room is a box: its name stands in its upper edge, and its lines lie between its sides until the lower edge.
    private static Dictionary<string, string[]> Read(string[] drawing)
    {
        var rooms = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (int top = 0; top < drawing.Length; top++)
        {
            foreach (Match edge in UpperEdge().Matches(drawing[top]))
            {
                rooms.Add(edge.Groups[1].Value, [.. drawing.Skip(top + 1).TakeWhile(line => line[edge.Index] == '│')
                    .Select(line => line.Substring(edge.Index + 1, edge.Length - 2))]);
            }
        }

        return rooms;
    }

    private static string[] DrawingOf(string heading)
    {
        string section = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md")).Split($"\n## {heading}\n")[1];
        return section.Split("```text\n")[1].Split("\n```")[0].Split('\n');
    }

    private static HashSet<string> Types() => [.. SourceTree.Paths().SelectMany(SourceTree.TypesOf)];

    [GeneratedRegex("┌─ (\\w+) ─*┐")]
    private static partial Regex UpperEdge();

    [GeneratedRegex("──▶ ([A-Z][\\w, ]*)")]
    private static partial Regex Arrow();

    [GeneratedRegex("\\b[A-Z][a-z]+\\b")]
    private static partial Regex Folder();

    [GeneratedRegex("\\bI?[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b")]
    private static partial Regex Type();

    [GeneratedRegex("ProjectReference Include=\"\\.\\./ServerlessCA\\.(\\w+)/")]
    private static partial Regex Reference();
}
