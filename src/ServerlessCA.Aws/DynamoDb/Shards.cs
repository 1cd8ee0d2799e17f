using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Spreads an index over shards where many items come at once under one key, such as a day: one partition takes a
/// thousand writes a second, and a pipeline issues thousands of certificates. The number of shards is fixed, as stored items
/// contain it.</summary>
internal static class Shards
{
    /// <summary>The number of shards. Our decision: KMS signs at most a thousand times a second, and a row is written in two or
    /// three units; an empty index costs eight queries.</summary>
    public const int Count = 8;

    /// <summary>The names of all shards.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enumerable.Range(0, Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Returns the shard of an item, which never changes.</summary>
    /// <param name="id">A text that identifies the item.</param>
    public static string Of(string id) => All[SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] % Count];
}

/// <summary>Makes the values of <c>HistoryDay</c>, by which the newest of the whole CA is found: day and shard, such as
/// <c>2030-01-31#5</c>.</summary>
internal static class HistoryDays
{
    /// <summary>Returns the value of an entry.</summary>
    public static string Of(HistoryEntry entry) => Text(DateOnly.FromDateTime(entry.At.UtcDateTime), Shards.Of(entry.Id));

    /// <summary>Returns every value that entries of a day can have.</summary>
    public static IEnumerable<string> Of(DateOnly day) => Shards.All.Select(shard => Text(day, shard));

    private static string Text(DateOnly day, string shard) => $"{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}#{shard}";
}

/// <summary>Makes the values of <c>ReminderDay</c>, by which the index of reminders finds rows: day of expiry and shard, such
/// as <c>2030-01-31#5</c>. Earlier versions wrote the day alone; such rows are found, too.</summary>
internal static class ReminderDays
{
    private const char Separator = '#';

    /// <summary>Returns the value of a row that is reminded of.</summary>
    public static string Of(CertificateRecord record) =>
        Spread(Text(DateOnly.FromDateTime(record.Expires.UtcDateTime)), Shards.Of(record.SerialNumber.ToString()));

    /// <summary>Returns every value that rows of a day can have.</summary>
    public static IEnumerable<string> Of(DateOnly day) => Shards.All.Select(shard => Spread(Text(day), shard));

    /// <summary>Returns the value that earlier versions wrote for a day.</summary>
    public static string Former(DateOnly day) => Text(day);

    /// <summary>Decides whether one value is what earlier versions wrote instead of another.</summary>
    public static bool IsFormer(string? value, string? wanted) =>
        value is not null && wanted is not null && wanted.StartsWith($"{value}{Separator}", StringComparison.Ordinal);

    /// <summary>Returns the first and the last text, in the order of their octets, that values of a range of days can
    /// have.</summary>
    public static (string From, string To) Between(DateOnly first, DateOnly last) => (Former(first), Spread(Text(last), Shards.All[^1]));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Spread(string day, string shard) => $"{day}{Separator}{shard}";
}

/// <summary>Makes the values of <c>ExpiryMonth</c>, by which the index of expiries finds rows: month of expiry and shard, such as
/// <c>2030-01#5</c>. A month is one value per shard, so that a list of 30 days reads two or three months; within them the index
/// is sorted by <c>Expires</c>.</summary>
internal static class ExpiryMonths
{
    private const int MonthsOfYear = 12;

    /// <summary>Returns the value of a row.</summary>
    public static string Of(CertificateRecord record) => Text(MonthOf(record.Expires), Shards.Of(record.SerialNumber.ToString()));

    /// <summary>Returns the number of months that a range of times touches; 0 when it is empty.</summary>
    public static int Count(DateTimeOffset from, DateTimeOffset until) => until < from ? 0 : MonthOf(until) - MonthOf(from) + 1;

    /// <summary>Returns every value that rows within a range of times can have.</summary>
    public static IEnumerable<string> Between(DateTimeOffset from, DateTimeOffset until) =>
        Enumerable.Range(MonthOf(from), Count(from, until)).SelectMany(month => Shards.All.Select(shard => Text(month, shard)));

    private static int MonthOf(DateTimeOffset time) => (time.UtcDateTime.Year * MonthsOfYear) + time.UtcDateTime.Month - 1;

    private static string Text(int month, string shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{month / MonthsOfYear:0000}-{(month % MonthsOfYear) + 1:00}#{shard}");
}
