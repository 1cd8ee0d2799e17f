using System.Globalization;
using ServerlessCA.Core.Notifications;

namespace ServerlessCA.Core.Issuance;

/// <summary>Entries of <c>tls.json</c> that have their certificate. Immutable.</summary>
/// <param name="Places">From 0, as a distributed map counts; rising.</param>
/// <param name="Count">Entries in all.</param>
/// <param name="CutShort">Why not every entry was looked at or named; null: every one was.</param>
public sealed record SettledEntries(IReadOnlyList<int> Places, int Count, string? CutShort)
{
    // Our decision: a quarter of what a state of a state machine may hold (Step Functions quotas: 256 KiB), some 11,000 entries.
    private const int MaxJson = 64 * 1024;

    /// <summary>The answer: one JSON object, <c>{"Settled": [0, 5]}</c>.</summary>
    public string Json => ContractJson.Object(writer =>
    {
        writer.WriteStartArray("Settled");
        foreach (int place in Places)
        {
            writer.WriteNumberValue(place);
        }

        writer.WriteEndArray();
    });

    /// <summary>The first that fit into an answer.</summary>
    /// <param name="settled">Of each entry, whether it is.</param>
    /// <param name="cutShort">Why not every entry was looked at; null: every one was.</param>
    public static SettledEntries Of(IReadOnlyList<bool> settled, string? cutShort)
    {
        var places = new List<int>();
        int left = MaxJson - """{"Settled":[]}""".Length;
        for (int place = 0; place < settled.Count; place++)
        {
            if (!settled[place])
            {
                continue;
            }

            left -= place.ToString(CultureInfo.InvariantCulture).Length + 1;
            if (left < 0)
            {
                return new SettledEntries(places, settled.Count, cutShort ?? "there are more of them than one answer names");
            }

            places.Add(place);
        }

        return new SettledEntries(places, settled.Count, cutShort);
    }
}
