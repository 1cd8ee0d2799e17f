using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

public sealed class CrlNumberTests
{
    [Fact]
    public async Task What_was_revoked_before_the_number_was_taken_is_on_the_CRL_of_that_number()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct());
        CertificateRecord row = Assert.Single(authority.Issued);
        ICertificateLedger ledger = new RevokingLedger(authority, row);

        await PublishCrl.OfIssuing(authority.Deployment with { Ledger = ledger }).RunAsync(TestContext.Current.CancellationToken);

        StoredFile? file = await authority.Published.ReadAsync($"{TestAuthority.IssuingName}.crl", TestContext.Current.CancellationToken);
        Assert.True(CertificateRevocationList.TryDecode(file!.Content, out CertificateRevocationList? crl));
        Assert.Equal([row.SerialNumber], crl.Entries().Select(entry => entry.SerialNumber));
    }

    [Fact]
    public async Task The_CRL_that_has_to_name_a_certificate_is_that_of_its_issuer()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct());

        foreach (CertificateRecord row in authority.Ledger.Records)
        {
            PublishCrl? publish = await PublishCrl.FindForAsync(authority.Deployment, row, TestContext.Current.CancellationToken);
            Assert.Equal(row.IsCa ? $"{TestAuthority.RootName}.crl" : $"{TestAuthority.IssuingName}.crl", publish?.FileKey);
            Assert.Null(await PublishCrl.FindForAsync(
                authority.Deployment, row with { IssuerKeyId = "00" }, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_root_CA_is_not_revoked()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord root = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.RootName);

        await Assert.ThrowsAsync<ArgumentException>(() => new RevokeCertificate(authority.Deployment).RunAsync(
            new RowId(root.CommonName, root.SerialNumber), RevocationReason.KeyCompromise, TestContext.Current.CancellationToken));

        Assert.All(authority.Ledger.Records, row => Assert.Null(row.Revoked));
    }
}

/// <summary>Is a ledger in which another process revokes a certificate just before this one gets a CRL number.</summary>
internal sealed class RevokingLedger(TestAuthority authority, CertificateRecord row) : ForwardingLedger(authority.Ledger)
{
    public override async Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation)
    {
        await new RevokeCertificate(authority.Deployment).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, cancellation);
        return await Inner.NextCrlNumberAsync(ca, atLeast, cancellation);
    }
}
