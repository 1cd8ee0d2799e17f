using System.Text.Json.Nodes;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

/// <summary>Tests that the schema of revocation lists accepts what their reader reads, and nothing else: ajv judges by the
/// schema.</summary>
public sealed class RevocationListSchemaTests
{
    private const string Longest = "7f:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff";

    private static readonly string[] Bare =
    [
        "1", "4660", "0", "00", "000", "01", "007", "a", "abc", "0ABC", "8", "xyz", "", "12:34", "00:12:34", "1:2", "12:3", "12:", ":12", "12::34", "123:45", "ab:CD",
        "00:00", "00:01", "0:1", "0x1f", "0X1F", "0x", "0x0", "0x00", "0x12:34", "0x1g", "x1f", "00x1f", "0x0x1", "1_000", "+1", "-1", "1.0", "4660.0", "1e3", "0b1", "#1",
        Longest, $"00:{Longest}", Longest.Replace("7f:", "80:", StringComparison.Ordinal), $"01:{Longest}", Hex(Longest), $"00{Hex(Longest)}", $"8{Hex(Longest)[1..]}", $"1{Hex(Longest)}",
        $"0x{Hex(Longest)}", $"0x8{Hex(Longest)[1..]}", $"9{new string('0', 39)}", $"a{new string('0', 39)}", $"9{new string('9', 46)}", $"6{new string('9', 47)}",
        $"72{new string('9', 46)}", $"7306{new string('9', 44)}", $"73074{new string('9', 43)}", $"7307507{new string('9', 41)}", $"731{new string('0', 45)}", $"74{new string('0', 46)}", $"8{new string('0', 47)}",
        $"1{new string('0', 48)}", $"{new string('0', 16)}{new string('9', 47)}", $"{new string('0', 17)}{new string('9', 47)}", $"{new string('0', 18)}{new string('9', 47)}", $"{new string('0', 26)}8{new string('0', 39)}",
        $"{new string('0', 127)}1", $"{new string('0', 128)}1", $"{new string('0', 88)}{Hex(Longest)}", $"{new string('0', 89)}{Hex(Longest)}",
    ];

    private static readonly string[] Dates =
    [
        "2030-12-31", "2030-12-31 23:59:59", "2030-12-31T23:59:59", "2030-12-31T23:59:59Z", "2030-12-31T23:59:59+02:00", "2030-12-31T23:59:59-14:00", " 2030-12-31 ",
        "2030-12-31 23:59:59Z", "2030-12-31 23:59", "2030-13-01", "2030-00-01", "2030-01-00", "2030-01-32", "0000-01-01", "2030-12-31T24:00:00Z", "2030-12-31 23:60:00",
        "2030-12-31 23:59:60", "2030-12-31T23:59:59+15:00", "2030-12-31T23:59:59+14:30", "2030-12-31T23:59:59+02:60", "2030-1-1", "31.12.2030", "",
    ];

    /// <summary>Every text as it is, as openssl prints it, and with blanks; then numbers.</summary>
    private static IEnumerable<string> Serials =>
        Bare.SelectMany(text => (string[])[text, $"serial={text}", $"SERIAL={text}", $" {text}\n", string.Join(' ', text.ToCharArray()), $"{text}{new string(' ', 128)}", $"serial= {text}", $"{text}h"])
            .Select(text => JsonValue.Create(text).ToJsonString())
            .Concat(["1", "4660", "0", "-1", "1.5", SerialNumber.Largest.ToString(), $"8{new string('0', 47)}", "true", "null", "[1]", "{}"]);

    [Fact]
    public Task A_serial_number_is_valid_if_and_only_if_it_can_be_read() => CompareAsync([.. Serials.Select(serial => $$"""{"serial_number": {{serial}}}""")]);

    [Fact]
    public Task An_expiry_is_valid_if_and_only_if_it_can_be_read() =>
        CompareAsync([.. Dates.Select(date => $$"""{"serial_number": "1", "unrecorded": true, "expires": "{{date}}"}""")]);

    // A schema cannot distinguish it from the same number without a point.
    [Fact]
    public async Task A_number_with_a_point_is_valid_although_it_cannot_be_read()
    {
        Assert.Equal(["valid"], await JudgeAsync(["""{"serial_number": 4660.0}"""]));
        Assert.False(await IsReadAsync("""{"serial_number": 4660.0}"""));
    }

    private static async Task CompareAsync(string[] entries)
    {
        string[] judged = await JudgeAsync(entries);

        var wrong = new List<string>();
        foreach ((string entry, string verdict) in entries.Zip(judged))
        {
            bool isRead = await IsReadAsync(entry);
            if (isRead != (verdict == "valid"))
            {
                wrong.Add($"{entry}: {(isRead ? "read" : "not read")}, {verdict}");
            }
        }

        Assert.Contains("valid", judged);
        Assert.Equal([], wrong);
    }

    private static Task<string[]> JudgeAsync(string[] entries) => JsonSchemas.JudgeAsync(RevocationListSchema.Write(), entries.Select(entry => JsonNode.Parse($"[{entry}]")));

    private static async Task<bool> IsReadAsync(string entry)
    {
        RevocationEntries read = await RevocationEntries.ReadAsync(
            new MemoryInternalFiles().With("revoked.json", $"[{entry}]"), "revoked.json", TestContext.Current.CancellationToken);
        return read.Failures.Count == 0 && read.Entries.Single().Fault is null;
    }

    private static string Hex(string octets) => octets.Replace(":", "", StringComparison.Ordinal);
}
