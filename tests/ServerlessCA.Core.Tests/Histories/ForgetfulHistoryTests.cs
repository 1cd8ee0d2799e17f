using CsCheck;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Runs random histories of what makes CRLs forget: rows deleted, tables restored to an older state, files damaged or
/// gone, runs that die at any write. No CRL ever lacks what an earlier one had (contract 12.21).</summary>
public sealed class ForgetfulHistoryTests
{
    private const int Histories = 200;

    private static readonly Gen<(Act Act, int Pick, int Nth)[]> Random =
        Gen.Select(Gen.Int[0, 15].Select(Acts), Gen.Int[0, 7], Gen.Int[1, 14], (act, pick, nth) => (act, pick, nth)).Array[10, 40];

    private enum Act
    {
        Publish,
        PublishAndDie,
        Issue,
        Revoke,
        List,
        ListUnrecorded,
        DeleteRow,
        BackUp,
        Restore,
        DamagePublished,
        LoseCopy,
        Wait,
    }

    [Fact]
    public async Task No_CRL_ever_lacks_what_an_earlier_one_had() =>
        await Random.SampleAsync(LiveAsync, iter: Histories, print: steps => string.Join("\n", steps));

    private static Act Acts(int number) => number switch
    {
        0 or 1 => Act.Publish,
        2 or 3 => Act.PublishAndDie,
        4 => Act.Issue,
        5 or 6 => Act.Revoke,
        _ => (Act)(number - 4),
    };

    private static async Task LiveAsync((Act Act, int Pick, int Nth)[] steps)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssuedAsync(lifetime: 1);
        await authority.IssuedAsync(lifetime: 400);
        var memory = new Memory(authority);
        foreach ((Act act, int pick, int nth) in steps)
        {
            await memory.DoAsync(act, pick, nth);
            memory.Check();
        }

        CrlOutcome last = await authority.PublishAsync();
        memory.Check();
        Assert.False(last.Failed, last.Message);
    }

    private sealed class Memory(TestAuthority authority)
    {
        private IReadOnlyList<CertificateRecord> backup = authority.Ledger.Records;
        private CertificateRevocationList? last;
        private int unrecorded = 1000;

        public async Task DoAsync(Act act, int pick, int nth)
        {
            CertificateRecord[] rows = [.. authority.Issued];
            CertificateRecord? row = rows.Length == 0 ? null : rows[pick % rows.Length];
            switch (act)
            {
                case Act.Publish:
                    Assert.False((await authority.PublishAsync()).Failed);
                    break;
                case Act.PublishAndDie:
                    await DieAsync(new FaultPlan(pick % 2 == 0 ? Fault.WriteLost : Fault.WriteDoneButReportedLost, nth));
                    break;
                case Act.Issue:
                    await authority.IssuedAsync(lifetime: pick % 2 == 0 ? 1 : 400);
                    break;
                case Act.Revoke when row is not null:
                    await new RevokeCertificate(authority.Deployment).RunAsync(SomeRevocations.IdOf(row), (RevocationReason)(pick % 6), CancellationToken.None);
                    break;
                case Act.List when row is not null:
                    authority.List(SomeRevocations.EntryOf(row));
                    break;
                case Act.ListUnrecorded:
                    authority.List(SomeRevocations.Entry(null, $"{++unrecorded}").With("unrecorded", true));
                    break;
                case Act.DeleteRow when row is not null:
                    authority.List();
                    authority.Ledger.Lose(SomeRevocations.IdOf(row));
                    break;
                case Act.BackUp:
                    backup = authority.Ledger.Records;
                    break;
                case Act.Restore:
                    authority.List();
                    authority.RestoreRows(backup);
                    break;
                case Act.DamagePublished when HasGood(authority.Copies.Files, SomeRevocations.CopyKey):
                    await authority.Published.DamageAsync(SomeRevocations.CrlKey);
                    break;
                case Act.LoseCopy when HasGood(authority.Published.Files, SomeRevocations.CrlKey):
                    authority.Copies.Remove(SomeRevocations.CopyKey);
                    break;
                case Act.Wait:
                    authority.Clock.Advance(pick % 2 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1.5));
                    break;
                default:
                    break;
            }
        }

        public void Check()
        {
            if (!HasGood(authority.Published.Files, SomeRevocations.CrlKey)
                || authority.Crl() is not { } crl || last is not null && crl.Der.Span.SequenceEqual(last.Der.Span))
            {
                return;
            }

            Dictionary<SerialNumber, CrlEntry> entries = crl.Entries().ToDictionary(entry => entry.SerialNumber);
            foreach (CrlEntry before in last?.Entries() ?? [])
            {
                bool mayGo = authority.Issued.Any(row => row.SerialNumber == before.SerialNumber && row.Expires < last!.ThisUpdate);
                bool stays = entries.TryGetValue(before.SerialNumber, out CrlEntry now);
                Assert.True(stays || mayGo, $"{before.SerialNumber} is gone");
                Assert.True(!stays || now.RevokedAt == before.RevokedAt, $"{before.SerialNumber} has another date");
                Assert.True(!stays || now.Reason == before.Reason || RevocationReasons.IsGraver(now.Reason, before.Reason), $"{before.SerialNumber} has a lesser reason");
            }

            Assert.True(last is null || (crl.Number > last.Number && crl.ThisUpdate >= last.ThisUpdate), "an older CRL replaced a newer one");
            last = crl;
        }

        private static bool HasGood(IReadOnlyDictionary<string, Core.Ports.PublishedFile> files, string key) =>
            files.TryGetValue(key, out Core.Ports.PublishedFile? file) && CertificateRevocationList.TryDecode(file.Content, out _);

        private async Task DieAsync(FaultPlan plan)
        {
            try
            {
                await authority.Failing(plan).PublishAsync();
            }
            catch (Exception fault) when (Core.Pipeline.Faults.IsFault(fault))
            {
                // As planned: the history goes on.
            }
        }
    }
}
