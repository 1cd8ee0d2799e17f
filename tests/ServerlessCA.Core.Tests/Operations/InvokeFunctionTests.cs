using System.Text;
using ServerlessCA.Core.Operations;
using Xunit;

namespace ServerlessCA.Core.Tests.Operations;

public sealed class FunctionEventTests
{
    [Theory]
    [InlineData("""{"settled_entries_of": "tls.json"}""", true)]
    [InlineData(""" { "settled_entries_of" : "tls.json" } """, true)]
    [InlineData("""{"settled_entries_of": "tls.json", "common_name": "a"}""", false)]
    [InlineData("""{"settled_entries_of": "revoked.json"}""", false)]
    [InlineData("""{"settled_entries_of": true}""", false)]
    [InlineData("""{"common_name": "a"}""", false)]
    [InlineData("""["settled_entries_of"]""", false)]
    [InlineData("no JSON", false)]
    [InlineData("", false)]
    public void Only_its_own_event_searches_settled_entries(string json, bool asks) =>
        Assert.Equal(asks, FunctionEvent.AsksForSettledEntries(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"scheduled": true}""", true)]
    [InlineData("""{"scheduled": true, "anything": 1}""", true)]
    [InlineData("""{"scheduled": "true"}""", false)]
    [InlineData("""{"scheduled": false}""", false)]
    [InlineData("""["scheduled"]""", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    [InlineData("no JSON", false)]
    [InlineData("", false)]
    public void Only_its_own_event_comes_from_the_schedule_of_CRLs(string json, bool isScheduled) =>
        Assert.Equal(isScheduled, FunctionEvent.IsScheduled(Encoding.UTF8.GetBytes(json)));
}
