using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>How an index is spread whose items come all at once under one key, such as those of a day: over shards, as one
/// partition takes a thousand writes a second and a pipeline issues thousands of certificates. The number is fixed: what is
/// stored has it.</summary>
internal static class Shards
{
    /// <summary>Our decision: KMS signs a thousand times a second at most, a row is written in two or three units; and eight
    /// queries find that nothing is there.</summary>
    public const int Count = 8;

    /// <summary>Every shard.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enumerable.Range(0, Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The shard of an item, the same one for ever.</summary>
    /// <param name="id">What tells the item from all others.</param>
    public static string Of(string id) => All[SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] % Count];
}

/// <summary>The values of <c>ReminderDay</c>, by which the index of reminders finds rows: day of expiry and shard, such as
/// <c>2030-01-31#5</c>. Before there were shards it was the day alone; such rows are found, too.</summary>
internal static class ReminderDays
{
    private const char Separator = '#';

    /// <summary>The value of a row to remind of.</summary>
    public static string Of(CertificateRecord record) =>
        Spread(Text(DateOnly.FromDateTime(record.Expires.UtcDateTime)), Shards.Of(record.SerialNumber.ToString()));

    /// <summary>Every value that rows of a day have.</summary>
    public static IEnumerable<string> Of(DateOnly day) => Shards.All.Select(shard => Spread(Text(day), shard));

    /// <summary>The value that they had before there were shards.</summary>
    public static string Former(DateOnly day) => Text(day);

    /// <summary>Whether one value is the former one of another.</summary>
    public static bool IsFormer(string? value, string? wanted) =>
        value is not null && wanted is not null && wanted.StartsWith($"{value}{Separator}", StringComparison.Ordinal);

    /// <summary>Between which texts all values of a range of days are, in the order of their octets.</summary>
    public static (string From, string To) Between(DateOnly first, DateOnly last) => (Former(first), Spread(Text(last), Shards.All[^1]));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Spread(string day, string shard) => $"{day}{Separator}{shard}";
}
