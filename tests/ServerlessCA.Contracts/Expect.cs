using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Makes comparisons that records do not make by themselves.</summary>
public static class Expect
{
    private static readonly IReadOnlyList<DateTimeOffset> None = [];

    /// <summary>Expects the same row, the list of reminders included (record equality compares lists by reference).</summary>
    public static void SameRow(CertificateRecord expected, CertificateRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.ExpiryReminders, actual.ExpiryReminders);
        Assert.Equal(expected with { ExpiryReminders = None }, actual with { ExpiryReminders = None });
    }

    /// <summary>Expects the same rows, in any order.</summary>
    public static void SameRows(IEnumerable<CertificateRecord> expected, IEnumerable<CertificateRecord> actual)
    {
        List<CertificateRecord> left = Sorted(expected);
        List<CertificateRecord> right = Sorted(actual);
        Assert.Equal(left.Count, right.Count);
        foreach ((CertificateRecord one, CertificateRecord other) in left.Zip(right))
        {
            SameRow(one, other);
        }
    }

    private static List<CertificateRecord> Sorted(IEnumerable<CertificateRecord> rows) =>
        [.. rows.OrderBy(row => row.CommonName, StringComparer.Ordinal).ThenBy(row => row.SerialNumber)];
}
