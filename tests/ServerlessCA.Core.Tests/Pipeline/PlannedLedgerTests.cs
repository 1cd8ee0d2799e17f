using ServerlessCA.Contracts;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests that the ledger of a plan answers as every ledger does, and that nothing reaches the one below it.</summary>
public sealed class PlannedLedgerTests : LedgerContract, IAsyncDisposable
{
    private readonly MemoryLedger below = new();
    private readonly PlannedLedger ledger;

    public PlannedLedgerTests() => ledger = new PlannedLedger(below);

    protected override Task<ICertificateLedger> OpenAsync() => Task.FromResult<ICertificateLedger>(ledger);

    /// <summary>Whatever a test of the contract wrote, it is not there.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Empty(below.Records);
        Assert.Empty(below.Marks);
        Assert.Empty(await below.ReadOutboxAsync(10, CancellationToken.None));
        Assert.Empty(await below.ListReservedAsync(CancellationToken.None).ToListAsync());
        Assert.Empty(await below.FindHistoryAsync(new HistoryQuery(10), CancellationToken.None));
    }
}

/// <summary>Tests what the ledger of a plan makes of what the one below it has.</summary>
public sealed class PlannedOverLedgerTests
{
    private readonly MemoryLedger below = new();
    private readonly PlannedLedger ledger;

    public PlannedOverLedgerTests() => ledger = new PlannedLedger(below);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_below_is_revoked_in_the_plan_alone()
    {
        CertificateRecord row = Some.Record();
        await below.AddAsync(new CertificateAddition(row) { Key = Some.Key("a") }, Cancellation);
        var revocation = new CertificateRevocation(Some.Time, RevocationReason.KeyCompromise);

        await ledger.RevokeAsync(RowId.Of(row), revocation, Some.Key("a"), null, Cancellation);

        Assert.Equal(revocation, (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))!.Revoked);
        Assert.Equal(revocation, Assert.Single(await ledger.FindByNameAsync(row.CommonName, Cancellation)).Revoked);
        Assert.Equal(revocation, Assert.Single(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation)).Revoked);
        Assert.True((await ledger.FindKeyAsync(Some.Key("a"), Cancellation))!.Compromised);
        Assert.Null(Assert.Single(below.Records).Revoked);
        Assert.False((await below.FindKeyAsync(Some.Key("a"), Cancellation))!.Compromised);
    }

    [Fact]
    public async Task A_key_below_is_used_in_the_plan_as_well()
    {
        CertificateRecord row = Some.Record();
        await below.AddAsync(new CertificateAddition(row) { Key = Some.Key("a") }, Cancellation);

        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(new CertificateAddition(Some.Record("other.example.test")) { Key = Some.Key("a") }, Cancellation));
        Assert.Equal(
            AddOutcome.Added, await ledger.AddAsync(new CertificateAddition(Some.Record("other.example.test")) { Key = Some.Key("a"), AllowUsedKey = true }, Cancellation));
        Assert.Equal("other.example.test", (await ledger.FindKeyAsync(Some.Key("a"), Cancellation))!.Holder.CommonName);
        Assert.Equal(row.CommonName, (await below.FindKeyAsync(Some.Key("a"), Cancellation))!.Holder.CommonName);
    }

    [Fact]
    public async Task A_number_of_a_CRL_is_counted_up_in_the_plan_alone()
    {
        CertificateRecord ca = Some.Record() with { CrlNumber = 7 };
        below.Plant(ca);

        Assert.Equal(8, await ledger.NextCrlNumberAsync(RowId.Of(ca), 0, Cancellation));
        Assert.Equal(9, await ledger.NextCrlNumberAsync(RowId.Of(ca), 0, Cancellation));
        Assert.Equal(7, Assert.Single(below.Records).CrlNumber);
    }
}
