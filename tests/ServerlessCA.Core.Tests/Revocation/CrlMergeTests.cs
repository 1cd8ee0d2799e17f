using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

/// <summary>Tests contract 12.21: a CRL forgets nothing.</summary>
public sealed class ForgetfulCrlTests
{
    [Fact]
    public async Task Replacing_a_revoked_issuing_CA_leaves_its_entry_on_the_root_s_CRL_and_its_list_entry_carried_out()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord old = authority.RowOf(TestAuthority.IssuingName);
        authority.Internal.With("revoked-root-ca.json", $"[{SomeRevocations.EntryOf(old).With("reason", "cACompromise").ToJsonString()}]");
        await authority.RunAsync();
        CrlEntry before = Assert.Single(authority.Crl(TestAuthority.RootName).Entries());

        authority.Ledger.Lose(SomeRevocations.IdOf(old));
        authority.Keys.With(TestAuthority.IssuingName, KeySpec.EccNistP256);
        authority.Clock.Advance(TimeSpan.FromDays(1));
        PipelineReport report = await authority.RunAsync();

        Assert.False(report.Failed, string.Join("; ", report.Steps.Select(step => step.Message)));
        Assert.Equal(before, Assert.Single(authority.Crl(TestAuthority.RootName).Entries()));
        JudgeWithTools(authority, old);
    }

    [Fact]
    public async Task Entries_of_rows_that_are_gone_or_restored_without_their_mark_stay_with_date_and_reason_and_mark_the_rows_again()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord gone = await authority.IssuedAsync();
        CertificateRecord restored = await authority.IssuedAsync();
        IReadOnlyList<CertificateRecord> backup = authority.Ledger.Records;
        foreach (CertificateRecord row in (CertificateRecord[])[gone, restored])
        {
            await new RevokeCertificate(authority.Deployment).RunAsync(SomeRevocations.IdOf(row), RevocationReason.KeyCompromise, CancellationToken.None);
        }

        await authority.PublishAsync();
        CrlEntry[] before = [.. authority.Crl().Entries()];
        authority.RestoreRows([.. backup.Where(row => SomeRevocations.IdOf(row) != SomeRevocations.IdOf(gone))]);
        int sent = authority.Told.Count();

        for (int days = 0; days < 60; days += 10) // both certificates end after 30: the one whose row is there leaves
        {
            authority.Clock.Advance(TimeSpan.FromDays(10));
            CrlOutcome outcome = await authority.PublishAsync();
            Assert.False(outcome.Failed);
            Assert.Equal(days < 40 ? before : before.Where(entry => entry.SerialNumber == gone.SerialNumber), authority.Crl().Entries());
        }

        CrlEntry entry = before.Single(found => found.SerialNumber == restored.SerialNumber);
        Assert.Equal(new CertificateRevocation(entry.RevokedAt, RevocationReason.KeyCompromise), authority.RowOf(restored)!.Revoked);
        Assert.True((await authority.Ledger.FindKeyAsync(ReservedKey.Of(restored)!.Value, CancellationToken.None))!.Compromised);
        Assert.Equal(sent, authority.Told.Count());
        Assert.Equal(7, authority.Crl().Number);
    }

    [Fact]
    public async Task A_row_restored_with_a_lesser_reason_gets_the_graver_one_of_the_CRL()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync(RevocationReason.Superseded);
        IReadOnlyList<CertificateRecord> backup = authority.Ledger.Records;
        authority.Clock.Advance(TimeSpan.FromHours(1));
        RevokeOutcome again = await new RevokeCertificate(authority.Deployment).RunAsync(SomeRevocations.IdOf(row), RevocationReason.KeyCompromise, CancellationToken.None);
        await authority.PublishAsync();
        authority.RestoreRows(backup);

        await authority.PublishAsync();

        Assert.Equal(RevokeOutcome.ReasonReplaced, again);
        Assert.Equal(row.Revoked! with { Reason = RevocationReason.KeyCompromise }, authority.RowOf(row)!.Revoked);
        Assert.Equal((row.Revoked!.At, RevocationReason.KeyCompromise), authority.Crl().Entries().Select(entry => (entry.RevokedAt, entry.Reason)).Single());
    }

    [Fact]
    public async Task An_entry_goes_when_its_row_shows_that_another_key_issued_it_and_stays_when_that_is_not_known()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord foreign = await authority.RevokedAsync();
        CertificateRecord unreadable = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Plant(foreign with { IssuerKeyId = "00", Revoked = null });
        authority.Ledger.Plant(unreadable with { IssuerKeyId = null, CertificatePem = "damaged", Revoked = null });

        await authority.PublishAsync();

        Assert.Equal([unreadable.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
    }

    [Theory]
    [InlineData(true, "damaged")]
    [InlineData(false, "missing")]
    public async Task Where_the_published_CRL_is_missing_or_damaged_the_copy_counts(bool damaged, string word)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        Assert.Equal(authority.Crl().Der.ToArray(), authority.Copies.Files[SomeRevocations.CopyKey].Content.ToArray());
        authority.Ledger.Lose(SomeRevocations.IdOf(row));
        authority.Published.Remove(SomeRevocations.CrlKey);
        authority.Published.Remove(SomeRevocations.CrlKey + ".pem");
        await (damaged ? authority.Published.DamageAsync(SomeRevocations.CrlKey, SomeRevocations.CrlKey + ".pem") : Task.CompletedTask);

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.False(outcome.Failed);
        Assert.Contains(word, Assert.Single(outcome.Warnings), StringComparison.Ordinal);
        Assert.Equal([row.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
        Assert.Equal(2, authority.Crl().Number);
    }

    [Fact]
    public async Task A_published_CRL_that_somebody_replaced_by_an_older_one_loses_nothing()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        PublishedFile old = authority.Published.Files[SomeRevocations.CrlKey];
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Lose(SomeRevocations.IdOf(row));
        await authority.Published.PublishAsync(old, IPublishedFiles.AnyVersion, CancellationToken.None);

        await authority.PublishAsync();

        Assert.Equal([row.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
        Assert.Equal(3, authority.Crl().Number);
    }

    [Fact]
    public async Task A_first_run_that_another_one_overtakes_while_it_reads_has_lost_nothing()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment slow = authority.Deployment with { PublishedFiles = new FilesReadTooEarly(authority.Published, authority.PublishAsync) };

        CrlOutcome outcome = await PublishCrl.OfIssuing(slow).RunAsync(CancellationToken.None);
        CrlOutcome next = await authority.PublishAsync();

        Assert.False(outcome.Failed, outcome.Message);
        Assert.False(next.Failed, next.Message);
    }

    // Found by schedule 91,855 in memory.
    [Fact]
    public async Task A_CRL_of_a_clock_ahead_that_another_first_run_publishes_meanwhile_is_not_replaced()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment ahead = authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow().AddHours(1)) };
        Deployment slow = authority.Deployment with { PublishedFiles = new FilesReadTooEarly(authority.Published, ahead.PublishAsync) };

        CrlOutcome outcome = await PublishCrl.OfIssuing(slow).RunAsync(CancellationToken.None);

        Assert.Equal((CrlStatus.AheadInPlace, 1, true), (outcome.Status, outcome.Number, outcome.Failed));
        Assert.Equal(1, authority.Crl().Number);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task If_neither_can_be_read_every_run_fails_until_the_operator_restores_an_old_one_or_accepts(bool restore)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord gone = await authority.RevokedAsync();
        CertificateRecord known = await authority.RevokedAsync();
        await authority.PublishAsync();
        byte[] old = authority.Crl().Pem();
        authority.Ledger.Lose(SomeRevocations.IdOf(gone));
        authority.Copies.Remove(SomeRevocations.CopyKey);
        await authority.Published.DamageAsync(SomeRevocations.CrlKey, SomeRevocations.CrlKey + ".pem");

        for (int run = 0; run < 3; run++)
        {
            authority.Clock.Advance(TimeSpan.FromDays(1));
            CrlOutcome lost = await authority.PublishAsync();
            Assert.Equal((CrlStatus.Published, true), (lost.Status, lost.Failed));
            Assert.Contains("crl restore FILE", lost.CrlFault, StringComparison.Ordinal);
            Assert.Equal([known.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
        }

        MendCrl mend = (await MendCrl.OfAllAsync(authority.Deployment, CancellationToken.None)).Single(found => found.CaName == TestAuthority.IssuingName);
        if (restore)
        {
            Assert.True(mend.Signed(old));
            Assert.Equal(new RestoredCrl(RestoreStatus.Restored, 1, 2), await mend.RestoreAsync(old, CancellationToken.None));
        }
        else
        {
            Assert.True(await mend.AcceptAsync(CancellationToken.None));
            Assert.False(await mend.AcceptAsync(CancellationToken.None));
        }

        CrlOutcome mended = await authority.PublishAsync();
        Assert.False(mended.Failed);
        Assert.Equal((5, restore ? 2 : 1), (mended.Number, mended.EntryCount));
        Assert.Equal(restore, authority.Crl().Entries().Any(entry => entry.SerialNumber == gone.SerialNumber));
    }

    /// <summary>Windows PowerShell writes UTF-16 where the output of a program goes into a file.</summary>
    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task An_old_CRL_is_taken_as_text_in_every_encoding_that_is_read(string encoding)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        var text = Encoding.GetEncoding(encoding);
        byte[] old = [.. text.GetPreamble(), .. text.GetBytes(Encoding.ASCII.GetString(authority.Crl().Pem()))];

        MendCrl mend = (await MendCrl.OfAllAsync(authority.Deployment, CancellationToken.None)).Single(found => found.CaName == TestAuthority.IssuingName);

        Assert.True(mend.Signed(old));
        Assert.Equal(RestoreStatus.Restored, (await mend.RestoreAsync(old, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_copy_that_has_more_than_the_published_CRL_is_not_replaced_by_an_old_one()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        byte[] old = authority.Crl().Der.ToArray();
        CertificateRecord row = await authority.RevokedAsync();
        await Assert.ThrowsAsync<FilesUnavailableException>(() => (authority.Deployment with
        {
            PublishedFiles = new FaultyPublishedFiles(authority.Published, new FaultPlan(Fault.WriteLost, 1)),
        }).PublishAsync());

        MendCrl mend = (await MendCrl.OfAllAsync(authority.Deployment, CancellationToken.None)).Single(found => found.CaName == TestAuthority.IssuingName);

        Assert.Equal(RestoreStatus.CopyHasMore, (await mend.RestoreAsync(old, CancellationToken.None)).Status);
        Assert.Contains(row.SerialNumber, SomeRevocations.Decode(authority.Copies.Files[SomeRevocations.CopyKey].Content).Entries().Select(entry => entry.SerialNumber));
    }

    [Theory]
    [InlineData(Fault.WriteLost)]
    [InlineData(Fault.WriteDoneButReportedLost)]
    public async Task A_first_publication_that_failed_at_any_write_is_no_loss(Fault fault)
    {
        for (int nth = 1; ; nth++)
        {
            TestAuthority authority = await TestAuthority.CreateAsync();
            CertificateRecord row = await authority.RevokedAsync();
            var plan = new FaultPlan(fault, nth);
            await TryAsync(() => authority.Failing(plan).PublishAsync());

            CrlOutcome outcome = await authority.PublishAsync();

            Assert.False(outcome.Failed, $"write {nth}: {outcome.Message}");
            Assert.Equal([row.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
            authority.Copies.Remove(SomeRevocations.CopyKey);
            authority.Published.Remove(SomeRevocations.CrlKey);
            authority.Published.Remove(SomeRevocations.CrlKey + ".pem");
            Assert.NotNull((await authority.PublishAsync()).CrlFault);
            if (!plan.Happened)
            {
                Assert.True(nth > 5, "the plan never hit a write");
                return;
            }
        }
    }

    [Fact]
    public async Task A_CA_of_the_original_whose_CRL_is_damaged_has_lost_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Ledger.Plant(authority.RowOf(TestAuthority.IssuingName) with { CrlNumber = 7 });
        await authority.Published.DamageAsync(SomeRevocations.CrlKey);

        Assert.NotNull((await authority.PublishAsync()).CrlFault);
        Assert.Equal(8, authority.Crl().Number);
    }

    [Fact]
    public async Task What_another_run_put_in_place_meanwhile_is_on_the_next_CRL_although_its_row_is_gone()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        CertificateRecord? row = null;
        Deployment overtaken = authority.Deployment with
        {
            PublishedFiles = new OvertakenFiles(authority.Published, async () =>
            {
                row = await authority.RevokedAsync();
                await authority.PublishAsync();
                authority.Ledger.Lose(SomeRevocations.IdOf(row));
            }),
        };

        CrlOutcome outcome = await overtaken.PublishAsync();

        Assert.Equal(CrlStatus.Published, outcome.Status);
        Assert.Equal([row!.SerialNumber], authority.Crl().Entries().Select(entry => entry.SerialNumber));
    }

    private static void JudgeWithTools(TestAuthority authority, CertificateRecord revoked)
    {
        using var folder = new TemporaryFolder();
        CertificateRecord root = authority.RowOf(TestAuthority.RootName);
        folder.Write("root.pem", root.CertificatePem);
        folder.Write("old.pem", revoked.CertificatePem);
        folder.Write("root.crl.pem", authority.Crl(TestAuthority.RootName).Pem());
        string at = authority.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        (int exitCode, string output) = ForeignProgram.RunIn(folder.Path, "openssl", "verify", "-crl_check", "-attime", at, "-CAfile", "root.pem", "-CRLfile", "root.crl.pem", "old.pem");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("certificate revoked", output, StringComparison.Ordinal);
        Assert.Contains("Revoked certificates (1)", ForeignProgram.OutputIn(folder.Path, "certtool", "--crl-info", "--infile", "root.crl.pem"), StringComparison.Ordinal);
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (Core.Pipeline.Faults.IsFault(fault))
        {
            // As planned.
        }
    }

    /// <summary>Lets another run write its own file just before the first file is published.</summary>
    private sealed class OvertakenFiles(IPublishedFiles inner, Func<Task> other) : IPublishedFiles
    {
        private bool happened;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

        public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
        {
            if (!happened)
            {
                happened = true;
                await other();
            }

            return await inner.PublishAsync(file, expected, cancellation);
        }
    }

    /// <summary>Lets another run write its own CRL once all files of a CRL were read.</summary>
    private sealed class FilesReadTooEarly(IPublishedFiles inner, Func<Task> other) : IPublishedFiles
    {
        private bool happened;

        public async Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            StoredFile? file = await inner.ReadAsync(key, cancellation);
            if (!happened && key.EndsWith(".pem", StringComparison.Ordinal))
            {
                happened = true;
                await other();
            }

            return file;
        }

        public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) =>
            inner.PublishAsync(file, expected, cancellation);
    }
}
