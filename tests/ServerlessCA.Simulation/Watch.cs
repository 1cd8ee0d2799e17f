using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Simulation;

/// <summary>Sees everything that the stores of a schedule do, at the moment when they do it, and checks what must hold at every
/// moment.</summary>
internal sealed class Watch(World world)
{
    private readonly CrlChains crls = new(world);
    private readonly HashSet<KeyHash> compromised = [];
    private readonly HashSet<RowId> stored = [];

    /// <summary>Lists the ids of events that were stored: each has to be delivered.</summary>
    public HashSet<string> Promised { get; } = [];

    /// <summary>Lists the ids of events that were delivered.</summary>
    public HashSet<string> Received { get; } = [];

    /// <summary>Counts all deliveries, repeats too.</summary>
    public int Deliveries { get; private set; }

    /// <summary>Looks at the rows after each write: none is new whose key an earlier write reported as compromised.</summary>
    public void Saw(IReadOnlyList<CertificateRecord> rows)
    {
        foreach (CertificateRecord row in rows)
        {
            bool isNew = stored.Add(RowId.Of(row));
            Expect(!isNew || row.PublicKeyHash is not { } key || !compromised.Contains(key),
                $"{row.CommonName}: a certificate for a key that was reported as compromised");
        }

        foreach (CertificateRecord row in rows)
        {
            if (row is { Revoked: { } revoked, PublicKeyHash: { } key } && RevocationReasons.IsCompromise(revoked.Reason))
            {
                compromised.Add(key);
            }
        }
    }

    public AddOutcome Added(Notification? notification, AddOutcome outcome)
    {
        Promise(outcome == AddOutcome.Added ? notification : null);
        return outcome;
    }

    public RevokeOutcome Revoked(Notification? notification, RevokeOutcome outcome)
    {
        Promise(outcome == RevokeOutcome.Revoked ? notification : null);
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
        Expect(Invariants.IsFounded(notification.Id, world.Rows), $"{notification.Id} was announced, and nothing of it is stored");
        return true;
    }

    /// <summary>Checks each CRL as it takes the place of the one before.</summary>
    public bool Published(PublishedFile file, bool done)
    {
        if (done && file.Key.EndsWith(".crl", StringComparison.Ordinal))
        {
            crls.Saw(file.Key, file.Content);
        }

        return done;
    }

    /// <summary>Says whether the published CRL of a file has a serial number.</summary>
    public bool IsOnCrl(string file, SerialNumber serial) => crls.Last(file) is { } crl && crl.Entries().Any(entry => entry.SerialNumber == serial);

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

/// <summary>Checks the CRLs of each file one after another: the number rises, and no entry is gone.</summary>
/// <param name="world">Knows which certificates have expired; null: none has.</param>
internal sealed class CrlChains(World? world)
{
    private readonly Dictionary<string, CertificateRevocationList> last = [];

    /// <summary>Finds the last CRL of a file; null when there was none.</summary>
    public CertificateRevocationList? Last(string file) => last.GetValueOrDefault(file);

    /// <summary>Checks a CRL against the one before it.</summary>
    /// <param name="file">The name of its file.</param>
    /// <param name="der">The CRL.</param>
    public void Saw(string file, ReadOnlyMemory<byte> der)
    {
        Watch.Expect(CertificateRevocationList.TryDecode(der, out CertificateRevocationList? crl), $"{file} is no CRL");
        if (Last(file) is { } before && !before.Der.Span.SequenceEqual(crl!.Der.Span))
        {
            Watch.Expect(crl.Number > before.Number, $"{file}: number {crl.Number} after {before.Number}");
            Watch.Expect(crl.ThisUpdate >= before.ThisUpdate || IsCopy(file), $"{file}: number {crl.Number} is dated before number {before.Number}");
            Dictionary<SerialNumber, CrlEntry> now = crl.Entries().ToDictionary(entry => entry.SerialNumber);
            foreach (CrlEntry entry in before.Entries())
            {
                bool stays = now.TryGetValue(entry.SerialNumber, out CrlEntry there);
                bool mayGo = world?.Rows.Any(row => row.SerialNumber == entry.SerialNumber && row.Expires < before.ThisUpdate) == true;
                Watch.Expect(stays || mayGo, $"{file}: number {crl.Number} forgets {entry.SerialNumber}");
                Watch.Expect(!stays || there.RevokedAt == entry.RevokedAt || IsCopy(file), $"{file}: {entry.SerialNumber} has another date");
            }
        }

        last[file] = crl!;
    }

    // A copy that nobody published may be of a clock that was set back since: its dates in the future are corrected.
    private static bool IsCopy(string file) => file.StartsWith("crl/", StringComparison.Ordinal);
}

/// <summary>Reports that something which must always hold does not.</summary>
internal sealed class ViolationException(string message) : Exception(message);
