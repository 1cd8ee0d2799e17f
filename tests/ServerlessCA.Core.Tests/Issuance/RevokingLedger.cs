using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>A ledger in which another process revokes a certificate just before this one gets a CRL number.</summary>
internal sealed class RevokingLedger(TestAuthority authority, CertificateRecord row) : ForwardingLedger(authority.Ledger)
{
    public override async Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation)
    {
        await new RevokeCertificate(authority.Deployment).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, cancellation);
        return await Inner.NextCrlNumberAsync(ca, atLeast, cancellation);
    }
}
