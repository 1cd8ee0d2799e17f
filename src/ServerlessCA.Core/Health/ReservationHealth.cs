using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Health;

/// <summary>Whether every reserved key has its certificate.</summary>
internal sealed class ReservationHealth(CaNames names)
{
    // Reservations whose rows were not seen, by a digest of the row: a million of them are some tens of megabytes.
    private readonly Dictionary<UInt128, int> unseen = [];

    /// <summary>Takes in a reservation. A revoked CA's key is reserved, so that it is never certified again; its row goes when
    /// the CA is made anew.</summary>
    public void Expect(RowId row)
    {
        if (row.CommonName != names.RootCa && row.CommonName != names.IssuingCa)
        {
            UInt128 digest = DigestOf(row);
            unseen[digest] = unseen.GetValueOrDefault(digest) + 1;
        }
    }

    /// <summary>Takes in a row that is there.</summary>
    public void See(CertificateRecord row)
    {
        if (unseen.Count > 0)
        {
            unseen.Remove(DigestOf(RowId.Of(row)));
        }
    }

    /// <summary>Of all that was taken in.</summary>
    public HealthFinding Finding() => unseen.Values.Sum() is > 0 and var orphaned
        ? new HealthFinding(HealthLevel.Warning, "reservations", string.Create(
            CultureInfo.InvariantCulture, $"{orphaned} keys are reserved for rows that are gone: rows were deleted by hand; direct requests with these keys stay refused"))
        : new HealthFinding(HealthLevel.Good, "reservations", "every reserved key has its certificate");

    private static UInt128 DigestOf(RowId row) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{row.SerialNumber}/{row.CommonName}")));
}
