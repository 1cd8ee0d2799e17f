using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Comparing;
using ServerlessCA.Conformance.Differences;
using Xunit;

namespace ServerlessCA.Conformance.Wrong;

/// <summary>Tests that whatever is changed in an expected result is noticed.</summary>
public sealed class EveryLeafTests
{
    private static readonly HashSet<string> ForPeople = [".title", ".class"];

    public static TheoryData<string> Themes => [.. Vectors.Names("scenarios", ".json")];

    [Theory]
    [MemberData(nameof(Themes))]
    public void Whatever_is_changed_in_a_result_is_noticed(string theme)
    {
        ExpectedTheme found = ExpectedTheme.All.Single(each => each.File.Theme == theme);
        ExpectedCase expected = found.Case(found.File.Cases[0]);
        DeliberateDifferences.WorkInto(expected);
        JsonNode form = expected.Form.DeepClone();
        Assert.Empty(FormComparer.Compare(expected.Form, form));

        string[] unnoticed = [.. Leaves(form, "").ToArray().Where(leaf => !IsNoticed(expected.Form, form, leaf.Value)).Select(leaf => leaf.Path)];

        Assert.Equal(ForPeople, unnoticed.ToHashSet());
    }

    // Changes the value, looks, and puts it back.
    private static bool IsNoticed(JsonNode expected, JsonNode form, JsonValue leaf)
    {
        JsonNode other = leaf.GetValueKind() == JsonValueKind.String ? leaf.GetValue<string>() + "!" : "another";
        leaf.ReplaceWith(other);
        bool noticed = FormComparer.Compare(expected, form).Count == 1;
        other.ReplaceWith(leaf);
        return noticed;
    }

    private static IEnumerable<(string Path, JsonValue Value)> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value, $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany((item, at) => Leaves(item, $"{path}[{at}]")),
        JsonValue value => [(path, value)],
        _ => [],
    };
}
