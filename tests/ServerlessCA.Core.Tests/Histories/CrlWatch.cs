using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Looks at a published CRL after every step and knows what the next one has to say.</summary>
internal sealed class CrlWatch(History history, string caName)
{
    private readonly HashSet<SerialNumber> mayLeave = [];
    private CertificateRevocationList? last;

    public async Task CheckAsync()
    {
        TestAuthority authority = history.Authority;
        Ports.StoredFile? file = await authority.Published.ReadAsync($"{caName}.crl", CancellationToken.None);
        bool changed = file is not null && !(last is not null && last.Der.Span.SequenceEqual(file.Content.Span));
        Assert.True(changed || !history.RanWell, $"{caName}: a good run published no CRL");
        Assert.True(file is not null || last is null, $"{caName}: the CRL is gone");
        if (changed)
        {
            Assert.True(CertificateRevocationList.TryDecode(file!.Content, out CertificateRevocationList? crl));
            CheckNew(crl, authority.Clock.GetUtcNow());
            last = crl;
        }

        if (history.RanWell)
        {
            Ports.StoredFile? pem = await authority.Published.ReadAsync($"{caName}.crl.pem", CancellationToken.None);
            Assert.Equal(Encoding.ASCII.GetString(last!.Pem()), Encoding.ASCII.GetString(pem!.Content.Span));
        }
    }

    private void CheckNew(CertificateRevocationList crl, DateTimeOffset now)
    {
        CertificateRecord ca = history.Authority.Ledger.Records.Single(row => row.CommonName == caName);
        Certificate issuer = history.Authority.CertificateOf(ca);
        Assert.True(crl.IsSignedBy(issuer.PublicKey!), $"{caName}: the signature does not verify");
        Assert.True(last is null || crl.Number > last.Number, $"{caName}: number {crl.Number} after {last?.Number}");
        Assert.True(crl.Number <= ca.CrlNumber, $"{caName}: number {crl.Number}, the ledger only {ca.CrlNumber}");
        Assert.Equal(((DateTimeOffset[])[TableTime.WholeSeconds(now.AddMinutes(-5)), last?.ThisUpdate ?? default, .. crl.Entries().Select(entry => entry.RevokedAt)]).Max(), crl.ThisUpdate);
        Assert.InRange(crl.ThisUpdate, default, now);
        Assert.Equal(issuer.SubjectDer.ToArray(), crl.IssuerDer.ToArray());
        CheckEntries(crl);
    }

    // RFC 5280 §3.3: an entry leaves only after it has been on one CRL issued after its certificate's expiry. What was
    // revoked in the second of a CRL cannot be told from what came too late for it, and stays until that second is past.
    private void CheckEntries(CertificateRevocationList crl)
    {
        CertificateRecord[] revoked = [.. history.Rows.Where(row => row.Revoked is not null && caName == TestAuthority.IssuingName)];
        Dictionary<SerialNumber, CrlEntry> entries = crl.Entries().ToDictionary(entry => entry.SerialNumber);
        IEnumerable<SerialNumber> due = revoked.Select(row => row.SerialNumber).Where(serial => !mayLeave.Contains(serial));
        Assert.Equal(due.Order(), entries.Keys.Order());
        foreach (CertificateRecord row in revoked.Where(row => entries.ContainsKey(row.SerialNumber)))
        {
            CrlEntry entry = entries[row.SerialNumber];
            Assert.Equal((row.Revoked!.At, row.Revoked.Reason), (entry.RevokedAt, entry.Reason));
            if (crl.ThisUpdate > row.Expires && crl.ThisUpdate > row.Revoked.At)
            {
                mayLeave.Add(row.SerialNumber);
            }
        }
    }
}
