using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>What tells the writes of this ledger from any other's: after an answer was lost, the item in the table shows
/// whose it is.</summary>
internal sealed class WriteMarks(ISerialSource random, TimeProvider clock)
{
    private long lastTicks;
    private long tokens;

    /// <summary>This ledger, unlike any other; not secret.</summary>
    public string Maker { get; } = random.Draw().ToString();

    /// <summary>Now as sortable text, UTC, later than any that this ledger gave before: 100 ns apart at least.</summary>
    public string NextTime()
    {
        while (true)
        {
            long last = Interlocked.Read(ref lastTicks);
            long next = Math.Max(last + 1, clock.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref lastTicks, next, last) == last)
            {
                return new DateTime(next, DateTimeKind.Utc).ToString($"{TableTime.Format}.fffffff", CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>A client token for one transaction and all its repeats within one call. At most 36 characters
    /// (TransactWriteItems); DynamoDB keeps it for ten minutes. Not made of the content alone: what is written carries
    /// the time, and the same token with other content is refused.</summary>
    public string NextToken()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Maker}/{Interlocked.Increment(ref tokens)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 18));
    }
}
