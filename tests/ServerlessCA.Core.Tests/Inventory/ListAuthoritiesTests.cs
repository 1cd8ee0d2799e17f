using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using ServerlessCA.Core.Texts;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

/// <summary>Checks what is said of a deployment's CAs and their CRLs.</summary>
public sealed class ListAuthoritiesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_without_CAs_lists_none() =>
        Assert.Empty(await new ListAuthorities(TestAuthority.WithoutCas().Deployment).RunAsync(Cancellation));

    [Fact]
    public async Task Root_and_issuing_CA_are_listed_with_their_files_and_CRLs()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("one"));
        CertificateRecord row = authority.Issued.Single();
        await new RevokeCertificate(authority.Deployment).RunAsync(RowId.Of(row), RevocationReason.Superseded, Cancellation);
        await authority.RunAsync();

        IReadOnlyList<AuthorityDetails> found = await new ListAuthorities(authority.Deployment).RunAsync(Cancellation);

        Assert.Equal([TestAuthority.RootName, TestAuthority.IssuingName], found.Select(one => one.Certificate.Record.CommonName));
        Assert.Equal([AuthorityRole.Root, AuthorityRole.Issuing], found.Select(one => one.Role));
        Assert.Equal([null, TestAuthority.RootName], found.Select(one => one.IssuedBy));
        Assert.All(found, one => Assert.True(one.IsCurrent));
        Assert.All(found, one => Assert.Contains(one.PemFile!, authority.Published.Files.Keys));
        Assert.All(found, one => Assert.Contains(one.DerFile!, authority.Published.Files.Keys));
        Assert.Equal([0, 1], found.Select(one => one.Crl!.Entries));
        AuthorityCrl crl = found[1].Crl!;
        Assert.Equal((authority.Published.Files[crl.File].Content.Length, TestAuthority.IssuingName, false), (crl.Octets, crl.SignedBy, crl.IsDue));
    }

    [Fact]
    public async Task A_CRL_is_due_when_half_of_its_life_is_over()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.RunAsync();
        AuthorityCrl crl = (await new ListAuthorities(authority.Deployment).RunAsync(Cancellation))[1].Crl!;
        TimeSpan half = (crl.NextUpdate - crl.ThisUpdate) / 2;

        authority.Clock.SetUtcNow(crl.ThisUpdate + half);
        bool before = (await new ListAuthorities(authority.Deployment).RunAsync(Cancellation))[1].Crl!.IsDue;
        authority.Clock.Advance(TimeSpan.FromSeconds(1));
        bool after = (await new ListAuthorities(authority.Deployment).RunAsync(Cancellation))[1].Crl!.IsDue;

        Assert.Equal((false, true), (before, after));
    }

    [Fact]
    public async Task A_CA_that_was_created_again_stands_before_the_former_one_which_has_no_files_and_the_CRL_belongs_to_whose_key_signed_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.RunAsync();
        CertificateRecord former = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Ledger.Lose(RowId.Of(former));
        authority.Keys.With(TestAuthority.IssuingName, KeySpec.EccNistP256);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await new CreateIssuingCa(authority.Deployment).RunAsync(Cancellation);
        authority.Ledger.Plant(former);

        IReadOnlyList<AuthorityDetails> unpublished = await new ListAuthorities(authority.Deployment).RunAsync(Cancellation);
        await authority.RunAsync();
        IReadOnlyList<AuthorityDetails> published = await new ListAuthorities(authority.Deployment).RunAsync(Cancellation);

        Assert.Equal([true, true, false], unpublished.Select(one => one.IsCurrent));
        Assert.Equal(former.SerialNumber, unpublished[2].Certificate.Record.SerialNumber);
        Assert.Equal((null, null, TestAuthority.RootName), (unpublished[2].PemFile, unpublished[2].DerFile, unpublished[2].IssuedBy));
        Assert.Equal([false, true], unpublished.Skip(1).Select(one => one.Crl is not null));
        Assert.Equal([true, false], published.Skip(1).Select(one => one.Crl is not null));
    }

    [Fact]
    public async Task The_document_is_read_as_it_was_written()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.RunAsync();
        IReadOnlyList<AuthorityDetails> found = await new ListAuthorities(authority.Deployment).RunAsync(Cancellation);

        AuthorityList read = AuthoritiesDocument.Read(
            JsonText.Utf8(writer => AuthoritiesDocument.Write(writer, new AuthorityList(found, "/bundle.pem"), file => $"/{file}")), authority.Clock.GetUtcNow());

        Assert.Equal("/bundle.pem", read.Bundle);
        Assert.Equal(found.Select(Members), read.Authorities.Select(Members));
        Assert.Equal(found.Select(one => one.Crl! with { File = $"/{one.Crl.File}" }), read.Authorities.Select(one => one.Crl));
    }

    private static object Members(AuthorityDetails one) => (
        one.Role, one.IsCurrent, one.IssuedBy, one.PathLength, one.PemFile, one.DerFile, one.Certificate.Row, one.Certificate.Facts.Sha256);
}
