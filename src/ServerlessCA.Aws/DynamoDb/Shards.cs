using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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
