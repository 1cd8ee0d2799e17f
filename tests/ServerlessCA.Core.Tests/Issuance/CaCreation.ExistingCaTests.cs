using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

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
