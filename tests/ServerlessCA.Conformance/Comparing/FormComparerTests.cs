using System.Text.Json.Nodes;
using Xunit;

namespace ServerlessCA.Conformance.Comparing;

public sealed class FormComparerTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1,"b":[null,true,"x"]}""", """{"b":[null,true,"x"],"a":1}""")]
    [InlineData("""{"title":"x","class":"y","note":1,"log":[1],"calls":[]}""", """{"title":"z","raw":{}}""")]
    [InlineData("""{"outcome":{"exception":{"type":"KeyError"}}}""", """{"outcome":{"exception":{"type":"Other"}}}""")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1.50", "1.5")]
    public void Equal_forms_have_no_differences(string expected, string actual) =>
        Assert.Empty(FormComparer.Compare(JsonNode.Parse(expected), JsonNode.Parse(actual)));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""", ".a")]
    [InlineData("""{"a":1}""", """{}""", ".a")]
    [InlineData("""{}""", """{"a":null}""", ".a")]
    [InlineData("""{"a":null}""", """{}""", ".a")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,3]}""", ".a[1]")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", ".a")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", ".a")]
    [InlineData("""{"a":1}""", """{"a":1.0}""", ".a")]
    [InlineData("""{"a":1}""", """{"a":true}""", ".a")]
    [InlineData("""{"a":true}""", """{"a":false}""", ".a")]
    [InlineData("""{"a":"x"}""", """{"a":"X"}""", ".a")]
    [InlineData("""{"a":{}}""", """{"a":[]}""", ".a")]
    [InlineData("""{"a":{"exception":{}}}""", """{"a":{"return":null}}""", ".a.exception")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", "")]
    public void A_difference_is_found_where_it_is(string expected, string actual, string path) =>
        Assert.Equal(path, FormComparer.Compare(JsonNode.Parse(expected), JsonNode.Parse(actual))[0].Path);

    [Fact]
    public void Every_difference_is_listed()
    {
        IReadOnlyList<FormDifference> found = FormComparer.Compare(
            JsonNode.Parse("""{"a":[{"b":1},{"b":2}],"c":3}"""), JsonNode.Parse("""{"a":[{"b":0},{"b":0}],"d":3}"""));

        Assert.Equal([".a[0].b", ".a[1].b", ".c", ".d"], found.Select(difference => difference.Path));
    }
}
