using System.Reflection;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>A ledger in which another process revokes a certificate just before this one gets a CRL number.</summary>
public class RevokingLedger : DispatchProxy
{
    private TestAuthority authority = null!;
    private CertificateRecord row = null!;

    internal void Prepare(TestAuthority to, CertificateRecord revoke) => (authority, row) = (to, revoke);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(ICertificateLedger.NextCrlNumberAsync))
        {
            new RevokeCertificate(authority.Deployment).RunAsync(
                new RowId(row.CommonName, row.SerialNumber), RevocationReason.KeyCompromise, CancellationToken.None).GetAwaiter().GetResult();
        }

        return targetMethod.Invoke(authority.Ledger, args);
    }
}
