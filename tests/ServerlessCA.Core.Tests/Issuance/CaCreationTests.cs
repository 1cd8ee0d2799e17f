using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests that it is decided before anything is signed or stored which CA will be created, with which
/// certificate.</summary>
public sealed class CaDecisionTests
{
    [Fact]
    public async Task The_CA_that_is_created_is_the_one_that_was_decided_and_deciding_it_changed_nothing()
    {
        TestAuthority authority = TestAuthority.WithoutCas();

        foreach (string name in (string[])[TestAuthority.RootName, TestAuthority.IssuingName])
        {
            bool isRoot = name == TestAuthority.RootName;
            var create = Assert.IsType<CaDecision.Create>(await authority.DecideAsync(ca => DecideAsync(Numbered(ca, isRoot), isRoot)));
            CreateOutcome done = isRoot
                ? await new CreateRootCa(Numbered(authority.Deployment, isRoot)).RunAsync(TestContext.Current.CancellationToken)
                : await new CreateIssuingCa(Numbered(authority.Deployment, isRoot)).RunAsync(TestContext.Current.CancellationToken);

            Certificate certificate = authority.CertificateOf(authority.RowOf(name));
            Assert.Equal((create.Outcome, create.CaName, create.Root?.Name), (done, name, isRoot ? null : TestAuthority.RootName));
            Assert.Equal(
                (create.Template.SerialNumber, create.Template.NotBefore, create.Template.NotAfter),
                (certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter));
            Assert.Equal(create.Template.SubjectDer.ToArray(), certificate.SubjectDer.ToArray());
            Assert.Equal(create.Template.IssuerDer.ToArray(), certificate.IssuerDer.ToArray());
            Assert.Equal(create.Template.SubjectKey.SubjectPublicKeyInfo.ToArray(), certificate.SubjectPublicKeyInfo.ToArray());
            Assert.Equal(
                create.Template.Extensions.Select(extension => (extension.Oid, extension.Critical, Convert.ToHexString(extension.Value.Span))),
                certificate.Extensions.Select(extension => (extension.Oid, extension.Critical, Convert.ToHexString(extension.Value.Span))));
        }
    }

    [Fact]
    public async Task A_CA_exists_or_waits_for_the_root_or_cannot_be_created_under_it_and_the_decision_says_so()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        Assert.Equal(TestAuthority.RootName, Assert.IsType<CaDecision.WaitsForRoot>(await IssuingAsync(authority)).RootName);

        await new CreateRootCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken);
        CertificateRecord root = authority.RowOf(TestAuthority.RootName);
        Assert.Equal(root.SerialNumber, Assert.IsType<CaDecision.Exists>(await authority.DecideAsync(ca => DecideAsync(ca, isRoot: true))).Authority.Record.SerialNumber);
        authority.Ledger.Plant(root with { Revoked = new CertificateRevocation(root.Issued) });
        Assert.Contains("was revoked", Assert.IsType<CaDecision.RootNotUsable>(await IssuingAsync(authority)).Why, StringComparison.Ordinal);
        Assert.Equal(CreateOutcome.RootNotUsable, await new CreateIssuingCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken));

        authority.Ledger.Plant(root);
        await new CreateIssuingCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken);
        var exists = Assert.IsType<CaDecision.Exists>(await IssuingAsync(authority));
        Assert.Equal((TestAuthority.IssuingName, TestAuthority.RootName), (exists.Authority.Name, exists.Root!.Name));
    }

    [Fact]
    public async Task A_name_whose_row_is_that_of_no_CA_ends_with_what_is_wrong_and_not_in_a_loop()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        TestAuthority other = await TestAuthority.CreateAsync();
        authority.Ledger.Plant(other.RowOf(TestAuthority.RootName) with { CrlNumber = null });

        LedgerUnavailableException fault = await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => new CreateRootCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"the name {TestAuthority.RootName} has rows, and none of them is that of a CA", fault.Message, StringComparison.Ordinal);
        Assert.Empty(authority.Published.Files);
    }

    [Fact]
    public async Task Of_two_runs_that_decided_to_create_one_CA_the_slower_takes_the_faster_one_s()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        int reads = 0;
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.FindByNameAsync) && reads++ == 0 ? Task.FromResult<IReadOnlyList<CertificateRecord>>([]) : given);
        await new CreateRootCa(authority.Deployment).RunAsync(TestContext.Current.CancellationToken);
        CertificateRecord faster = authority.RowOf(TestAuthority.RootName);

        CreateOutcome slower = await new CreateRootCa(authority.Deployment with { Ledger = ledger }).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(CreateOutcome.Existed, slower);
        Assert.Equal(faster, Assert.Single(authority.Ledger.Records));
        Assert.Equal(faster.CertificatePem, System.Text.Encoding.ASCII.GetString(authority.Published.Files[TestAuthority.RootName + ".crt"].Content.Span));
    }

    private static Task<CaDecision> IssuingAsync(TestAuthority authority) => authority.DecideAsync(ca => DecideAsync(ca, isRoot: false));

    private static Task<CaDecision> DecideAsync(Deployment ca, bool isRoot) => isRoot
        ? new CreateRootCa(ca).DecideAsync(CancellationToken.None)
        : new CreateIssuingCa(ca).DecideAsync(CancellationToken.None);

    private static Deployment Numbered(Deployment ca, bool isRoot) => ca with { Serials = new SequentialSerials(isRoot ? 7 : 8) };
}

/// <summary>Tests that no key is used where both CAs exist: the right to use it may be taken away.</summary>
public sealed class ExistingCaTests
{
    [Fact]
    public async Task Where_both_CAs_exist_no_key_is_used_and_lost_files_are_published_again()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var withoutKeys = new Deployment(
            authority.Settings, new NoKeys(), authority.Ledger, authority.Internal, authority.Copies, authority.Copies, authority.Notifier,
            new RandomSerialSource(), authority.Clock);
        int rows = authority.Ledger.Records.Count;

        CreateOutcome root = await new CreateRootCa(withoutKeys).RunAsync(TestContext.Current.CancellationToken);
        CreateOutcome issuing = await new CreateIssuingCa(withoutKeys).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((CreateOutcome.Existed, CreateOutcome.Existed), (root, issuing));
        Assert.Equal(rows, authority.Ledger.Records.Count);
        foreach (string file in (string[])["serverless-root-ca-dev.crt", "serverless-root-ca-dev.cer", "serverless-issuing-ca-dev.crt", "serverless-ca-bundle-dev.pem"])
        {
            Assert.NotNull(await authority.Copies.ReadAsync(file, TestContext.Current.CancellationToken));
        }
    }

    private sealed class NoKeys : ICaKeys
    {
        public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) =>
            throw new InvalidOperationException($"the key of {caName} was asked for");
    }
}
