using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Compares a ledger with the memory ledger: the same calls, drawn from few names, keys and ids so that they collide
/// often, must end the same way on both.</summary>
public static class LedgerModel
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes calls on an empty ledger and compares.</summary>
    public static async Task CompareAsync(ICertificateLedger ledger, int seed, int calls)
    {
        var memory = new MemoryLedger();
        var random = new Random(seed);
        var endings = new HashSet<string>();
        for (int call = 0; call < calls; call++)
        {
            Func<ICertificateLedger, Task<string>> next = Draw(random);
            string expected = await next(memory);
            Assert.Equal($"{call}: {expected}", $"{call}: {await next(ledger)}");
            endings.Add(expected);
        }

        // The draw reaches every ending; otherwise it would prove little.
        Assert.Superset(
            new HashSet<string>(Enum.GetNames<AddOutcome>().Concat(Enum.GetNames<RevokeOutcome>()).Concat(["True", "False"])), endings);
        await ExpectSameAsync(memory, ledger);
    }

    private static Func<ICertificateLedger, Task<string>> Draw(Random random)
    {
        string name = $"name-{random.Next(6)}";
        int serial = random.Next(1, 8);
        int other = random.Next(12);
        DateTimeOffset at = Some.Time.AddHours(random.Next(60));
        var row = new RowId(name, SerialNumber.Of(serial));
        return random.Next(8) switch
        {
            0 or 1 => DrawAddition(random, name, serial, other, at),
            2 => async ledger => $"{await ledger.RevokeAsync(
                row, new CertificateRevocation(at, (RevocationReason)(other % 6)), other % 4 == 0 ? null : DrawKey(serial), Some.Event($"event-{other}"), Cancellation)}",
            3 => async ledger => $"{await ledger.AddReminderAsync(row, at, other % 3, Some.Event($"event-{other}"), Cancellation)}",
            4 => async ledger => $"{await ledger.AddToOutboxAsync(Some.Event($"event-{other}"), other % 2 == 0, Cancellation)}",
            5 => ledger => DropAsync(ledger, $"event-{other}"),
            6 => async ledger => $"{await ledger.RecallAsync($"token-{other}", at, Cancellation)}",
            _ => async ledger => string.Join(' ', (await ledger.ReadOutboxAsync(1 + (other / 2), Cancellation)).Select(stored => stored.Id)),
        };
    }

    // Half of them RSA keys, of which two share a modulus each.
    private static ReservedKey DrawKey(int number) =>
        number < 6 ? Some.Key($"key-{number}") : Some.RsaKey($"modulus-{number / 2}", $"exponent-{number}");

    private static async Task<string> DropAsync(ICertificateLedger ledger, string id)
    {
        await ledger.RemoveFromOutboxAsync(id, Cancellation);
        return "dropped";
    }

    private static Func<ICertificateLedger, Task<string>> DrawAddition(
        Random random, string name, int serial, int other, DateTimeOffset at)
    {
        CertificateRecord record = Some.Record(name, serial) with
        {
            CertificatePem = Some.Pem($"{random.Next(3)}"),
            NotifyExpiry = random.Next(3) switch { 0 => null, 1 => false, _ => true },
            Expires = at.AddDays(other),
        };
        var addition = new CertificateAddition(record)
        {
            Key = random.Next(2) == 0 ? DrawKey(other) : null,
            AllowUsedKey = random.Next(4) == 0,
            TakeOverFrom = random.Next(3) == 0 ? new RowId($"name-{random.Next(6)}", SerialNumber.Of(random.Next(1, 8))) : null,
            Token = random.Next(3) == 0 ? Some.Claim($"token-{other}", at: at) : null,
            OnceId = random.Next(3) == 0 ? $"once-{other}" : null,
            OnlyIfNameIsNew = random.Next(4) == 0,
            Event = random.Next(2) == 0 ? Some.Event($"event-{other}") : null,
        };
        return async ledger => $"{await ledger.AddAsync(addition, Cancellation)}";
    }

    private static async Task ExpectSameAsync(MemoryLedger memory, ICertificateLedger ledger)
    {
        Expect.SameRows(memory.Records, await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Expect.SameRows(
            await memory.ListRevokedAsync(Cancellation).ToListAsync(Cancellation), await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));
        foreach (DateOnly last in (DateOnly[])[new(2030, 1, 8), new(2040, 1, 1)])
        {
            Expect.SameRows(
                await memory.ListExpiringAsync(new(2030, 1, 3), last, Cancellation).ToListAsync(Cancellation),
                await ledger.ListExpiringAsync(new(2030, 1, 3), last, Cancellation).ToListAsync(Cancellation));
        }

        Assert.Equal(await memory.ReadOutboxAsync(100, Cancellation), await ledger.ReadOutboxAsync(100, Cancellation));
        for (int key = 0; key < 12; key++)
        {
            Assert.Equal(await memory.FindKeyAsync(DrawKey(key), Cancellation), await ledger.FindKeyAsync(DrawKey(key), Cancellation));
        }
    }
}
