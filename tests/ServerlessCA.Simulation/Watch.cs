using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Simulation;

/// <summary>Sees everything that the stores of a schedule do, at the moment when they do it, and checks what must hold at every
/// moment.</summary>
internal sealed class Watch(World world)
{
    private readonly Dictionary<string, CertificateRevocationList> crls = [];
    private readonly HashSet<KeyHash> compromised = [];
    private readonly HashSet<RowId> stored = [];

    /// <summary>Lists the ids of events that were stored: each has to be delivered.</summary>
    public HashSet<string> Promised { get; } = [];

    /// <summary>Lists the ids of events that were delivered.</summary>
    public HashSet<string> Received { get; } = [];

    /// <summary>Counts all deliveries, repeats too.</summary>
    public int Deliveries { get; private set; }

    public AddOutcome Added(CertificateAddition addition, AddOutcome outcome)
    {
        if (outcome == AddOutcome.Added)
        {
            Promise(addition.Event);
            bool isNew = stored.Add(RowId.Of(addition.Record)); // the same write may arrive again, also after a revocation
            Expect(!isNew || addition.Record.PublicKeyHash is not { } key || !compromised.Contains(key),
                $"{addition.Record.CommonName}: a certificate for a key that was reported as compromised");
        }

        return outcome;
    }

    public RevokeOutcome Revoked(RowId row, Notification? notification, CertificateRevocation revocation, RevokeOutcome outcome)
    {
        if (outcome == RevokeOutcome.Revoked)
        {
            Promise(notification);
        }

        if (outcome != RevokeOutcome.NotFound && RevocationReasons.IsCompromise(revocation.Reason)
            && world.Rows.Single(found => RowId.Of(found) == row).PublicKeyHash is { } key)
        {
            compromised.Add(key);
        }

        return outcome;
    }

    public bool Stored(Notification notification, bool isNew)
    {
        if (isNew)
        {
            Promise(notification);
        }

        return isNew;
    }

    public bool Delivered(Notification notification)
    {
        Received.Add(notification.Id);
        Deliveries++;
        bool ofRow = notification.Id.StartsWith("issued-", StringComparison.Ordinal) || notification.Id.StartsWith("revoked-", StringComparison.Ordinal);
        Expect(!ofRow || Promised.Contains(notification.Id), $"{notification.Id} was announced, and nothing of it is stored");
        return true;
    }

    /// <summary>Checks each CRL as it takes the place of the one before: its number rises, and no entry is gone.</summary>
    public bool Published(PublishedFile file, bool done)
    {
        if (!done || !file.Key.EndsWith(".crl", StringComparison.Ordinal))
        {
            return done;
        }

        Expect(CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl), $"{file.Key} is no CRL");
        if (crls.GetValueOrDefault(file.Key) is { } last && !last.Der.Span.SequenceEqual(crl!.Der.Span))
        {
            Expect(crl.Number > last.Number, $"{file.Key}: number {crl.Number} after {last.Number}");
            Dictionary<SerialNumber, CrlEntry> now = crl.Entries().ToDictionary(entry => entry.SerialNumber);
            foreach (CrlEntry before in last.Entries())
            {
                bool stays = now.TryGetValue(before.SerialNumber, out CrlEntry entry);
                bool mayGo = world.Rows.Any(row => row.SerialNumber == before.SerialNumber && row.Expires < last.ThisUpdate);
                Expect(stays || mayGo, $"{file.Key}: number {crl.Number} forgets {before.SerialNumber}");
                Expect(!stays || entry.RevokedAt == before.RevokedAt, $"{file.Key}: {before.SerialNumber} has another date");
            }
        }

        crls[file.Key] = crl!;
        return done;
    }

    /// <summary>Says whether the published CRL of a file has a serial number.</summary>
    public bool IsOnCrl(string file, SerialNumber serial) => crls.TryGetValue(file, out CertificateRevocationList? crl)
        && crl.Entries().Any(entry => entry.SerialNumber == serial);

    public static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new ViolationException(what);
        }
    }

    private void Promise(Notification? notification)
    {
        if (notification is not null)
        {
            Promised.Add(notification.Id);
        }
    }
}

/// <summary>Reports that something which must always hold does not.</summary>
internal sealed class ViolationException(string message) : Exception(message);
