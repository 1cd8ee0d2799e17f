using System.Text.Json.Nodes;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

/// <summary>An entry added to <c>tls.json</c> has the layout of the others.</summary>
public sealed class GitOpsEntriesFileTests
{
    private const string New = """{"common_name": "b", "sans": ["b.example.com", {"type": "IP_ADDRESS", "value": "::1"}], "lifetime": 5, "csr_file": "b.csr"}""";

    public static TheoryData<string, string> Layouts => new()
    {
        { "[]", "[\n  {\n    \"common_name\": \"b\",\n    \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }],\n    \"lifetime\": 5,\n    \"csr_file\": \"b.csr\"\n  }\n]" },
        { "[ ]\n", "[\n  {\n    \"common_name\": \"b\",\n    \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }],\n    \"lifetime\": 5,\n    \"csr_file\": \"b.csr\"\n  }\n]\n" },
        { "[{\"common_name\":\"a\",\"csr_file\":\"a.csr\"}]", "[{\"common_name\":\"a\",\"csr_file\":\"a.csr\"}, {\"common_name\":\"b\",\"sans\":[\"b.example.com\",{\"type\":\"IP_ADDRESS\",\"value\":\"::1\"}],\"lifetime\":5,\"csr_file\":\"b.csr\"}]" },
        { "[\r\n\t{ \"common_name\": \"a\" }\r\n]\r\n", "[\r\n\t{ \"common_name\": \"a\" },\r\n\t{ \"common_name\": \"b\", \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }], \"lifetime\": 5, \"csr_file\": \"b.csr\" }\r\n]\r\n" },
        { "\n[\n    {\n        \"x\" : 1e2\n    }\n]", "\n[\n    {\n        \"x\" : 1e2\n    },\n    {\n        \"common_name\": \"b\",\n        \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }],\n        \"lifetime\": 5,\n        \"csr_file\": \"b.csr\"\n    }\n]" },
        { "[\n  \"odd\"\n]", "[\n  \"odd\",\n  {\n    \"common_name\": \"b\",\n    \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }],\n    \"lifetime\": 5,\n    \"csr_file\": \"b.csr\"\n  }\n]" },
        { "[{}]", "[{}, {\n    \"common_name\": \"b\",\n    \"sans\": [\"b.example.com\", { \"type\": \"IP_ADDRESS\", \"value\": \"::1\" }],\n    \"lifetime\": 5,\n    \"csr_file\": \"b.csr\"\n  }]" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_new_entry_is_laid_out_as_the_others_and_nothing_else_changes(string text, string expected)
    {
        Assert.True(GitOpsEntriesFile.TryAdd(text, Entry(New), out string? edited, out string? why), why);
        Assert.Equal(expected, edited);
    }

    // What a text of a megabyte may allocate: some copies of it, and some words for each of its parts.
    private const long MaxAllocated = 64L << 20;

    public static TheoryData<string> LargeLists => new()
    {
        $$"""[{"common_name": "{{new string('\ufffd', 340_000)}}", "csr_file": "a.csr"}]""",
        $$"""[{"common_name": "{{string.Concat(Enumerable.Repeat("A\ufffd", 260_000))}}", "csr_file": "a.csr"}]""",
        $$"""[{"common_name": "{{string.Concat(Enumerable.Repeat("\\ufffd", 170_000))}}", "csr_file": "a.csr"}]""",
        $$"""[{"common_name": "a", "csr_file": "{{new string('a', 1_000_000)}}"}]""",
        $$"""[{{{string.Join(',', Enumerable.Range(0, 90_000).Select(number => $"\"{number}\":0"))}}}]""",
        $$"""[{{string.Join(',', Enumerable.Repeat("{}", 340_000))}}]""",
        $$"""[{{string.Join(',', Enumerable.Repeat("0", 500_000))}}]""",
        $$"""[{{string.Join(',', Enumerable.Range(0, 18_000).Select(number => $$"""{"common_name":"{{number}}","csr_file":"{{number}}.csr"}"""))}}]""",
    };

    [Theory]
    [MemberData(nameof(LargeLists), DisableDiscoveryEnumeration = true)]
    public async Task A_list_of_a_megabyte_is_read_and_edited_with_few_copies_of_it_whatever_it_holds(string text)
    {
        var files = new Contracts.Memory.MemoryInternalFiles().With(GitOpsEntries.FileKey, text);
        string small = "[]";
        GitOpsEntriesFile.TryAdd(small, Entry(New), out _, out _); // what happens once

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAdded = GitOpsEntriesFile.TryAdd(text, Entry(New), out string? edited, out string? why);
        long edits = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        GitOpsEntries entries = await GitOpsEntries.ReadAsync(files, TestContext.Current.CancellationToken);
        long reads = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isAdded, why);
        Assert.True(edited!.Length > text.Length);
        Assert.Null(entries.Fault);
        Assert.InRange(edits, 1, MaxAllocated);
        Assert.InRange(reads, 1, MaxAllocated);
    }

    [Fact]
    public void The_order_and_the_odd_spelling_of_the_others_stay()
    {
        const string Text = "[\n  {\n    \"csr_file\": \"\\u0061.csr\",   \"lifetime\":  1.0e1,\n    \"common_name\": \"M\\u00fcller\"\n  }\n\n]\n\n";

        Assert.True(GitOpsEntriesFile.TryAdd(Text, Entry("""{"common_name": "Müller GmbH", "csr_file": "b.csr"}"""), out string? edited, out _));

        Assert.StartsWith(Text[..^5], edited, StringComparison.Ordinal);
        Assert.EndsWith("\n  },\n  {\n    \"common_name\": \"Müller GmbH\",\n    \"csr_file\": \"b.csr\"\n  }\n\n]\n\n", edited, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_is_there_is_a_renewal_and_stays()
    {
        const string Text = """[{"common_name": "b", "sans": ["b.example.com", {"type": "IP_ADDRESS", "value": "::1"}], "lifetime": 5, "csr_file": "b.csr", "organization": "O"}]""";

        Assert.True(GitOpsEntriesFile.TryAdd(Text, Entry(New), out string? edited, out _));
        Assert.Equal(Text, edited);
        Assert.True(GitOpsEntriesFile.TryAdd(Text, Entry("""{"common_name": "B ", "csr_file": "b.csr"}"""), out edited, out _));
        Assert.Equal(Text, edited);
    }

    [Theory]
    [InlineData("""[{"common_name": "b", "csr_file": "other.csr"}]""", "has an entry for 'b' already, whose CSR is 'other.csr'")]
    [InlineData("""[{"common_name": "c", "csr_file": "b.csr"}]""", "has an entry for 'c' already whose CSR is 'b.csr'")]
    [InlineData("""[{"common_name": "b", "csr_file": "b.csr"}]""", "has an entry for 'b' already with no sans")]
    [InlineData("""[{"common_name": "b", "csr_file": "b.csr", "sans": ["x.example.com"]}]""", "has an entry for 'b' already with other sans")]
    [InlineData("{}", "does not hold a JSON list")]
    [InlineData("[", "is not JSON: ")]
    [InlineData("""[{"a": 1, "a": 2}]""", "has an entry with a key given twice")]
    [InlineData("""["\ud800"]""", @"has half a character, such as \ud800")]
    public void What_would_be_lost_or_ambiguous_is_refused(string text, string why)
    {
        Assert.False(GitOpsEntriesFile.TryAdd(text, Entry(New), out string? edited, out string? message));
        Assert.Null(edited);
        Assert.StartsWith(why, message, StringComparison.Ordinal);
    }

    private static JsonObject Entry(string json) => JsonNode.Parse(json)!.AsObject();
}
