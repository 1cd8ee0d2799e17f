using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Tests in random histories, with re-created CAs and rows deleted by hand, that an entry is settled exactly if tls-cert
/// then answers "Certificate already issued", without a remark, and does nothing.</summary>
public sealed class SettledHistoryTests
{
    private const int Histories = 60;

    private static int settledEver;
    private static int openEver;

    [Fact]
    public async Task An_entry_is_settled_exactly_if_tls_cert_would_say_so_and_do_nothing()
    {
        await HistoryStep.Random.Array[6, 20].SampleAsync(LiveAsync, iter: Histories, print: steps => string.Join("\n", steps.AsEnumerable()));

        TestContext.Current.TestOutputHelper?.WriteLine($"{settledEver} settled, {openEver} not");
        Assert.True(settledEver > Histories && openEver > Histories, $"{settledEver} settled, {openEver} not: the histories show too little");
    }

    private static async Task LiveAsync(HistoryStep[] steps)
    {
        var history = new History();
        for (int number = 0; number < steps.Length; number++)
        {
            await history.DoAsync(steps[number]);
            if (number % 3 == 2)
            {
                Meddle(history.Authority, steps[number]);
            }

            await CompareAsync(history.Authority);
        }
    }

    // A person with rights to the table and the keys may do this.
    private static void Meddle(TestAuthority authority, HistoryStep step)
    {
        CertificateRecord[] rows = [.. authority.Issued];
        CertificateRecord? issuing = authority.Ledger.Records.Where(row => row.CommonName == TestAuthority.IssuingName).MaxBy(row => row.Issued);
        switch (step.Pick % 4)
        {
            case 0 when rows.Length > 0:
                CertificateRecord lost = rows[step.Key % rows.Length];
                authority.Ledger.Lose(new RowId(lost.CommonName, lost.SerialNumber));
                break;
            case 1 when rows.Length > 0:
                CertificateRecord original = rows[step.Key % rows.Length];
                authority.Ledger.Plant(original with { PublicKeyHash = null, IssuerKeyId = null });
                break;
            case 2 when issuing is not null:
                authority.Ledger.Lose(new RowId(issuing.CommonName, issuing.SerialNumber));
                authority.Keys.With(TestAuthority.IssuingName, Core.Keys.KeySpec.EccNistP256);
                break;
            case 3 when issuing is not null && step.Size == 0:
                authority.Ledger.Plant(issuing with { Revoked = new CertificateRevocation(authority.Clock.GetUtcNow(), RevocationReason.CaCompromise) });
                break;
        }
    }

    private static async Task CompareAsync(TestAuthority authority)
    {
        if (await authority.Internal.ReadAsync("tls.json", CancellationToken.None) is not { } file
            || JsonNode.Parse(file.Content.Span) is not JsonArray entries)
        {
            return;
        }

        foreach (JsonNode? entry in entries.ToArray())
        {
            // One at a time: what the function does for an entry may settle the next.
            Deployment one = authority.Deployment with
            {
                InternalFiles = new OneEntry(authority.Internal, new JsonArray(entry!.DeepClone()).ToJsonString()),
            };
            bool isSettled = (await new FindSettledEntries(one, one.InternalFiles).RunAsync(CancellationToken.None)).Places.Count == 1;
            (int Rows, int Sent) before = (authority.Ledger.Records.Count, authority.Told.Count());

            IssueOutcome outcome = await authority.IssueAsync(entry);

            bool isQuiet = outcome.Json == """{"error":"Certificate already issued","code":"already_issued"}"""
                && before == (authority.Ledger.Records.Count, authority.Told.Count());
            Assert.True(isSettled == isQuiet, $"{entry}: settled {isSettled}, but tls-cert: {outcome.Json}");
            Interlocked.Increment(ref isSettled ? ref settledEver : ref openEver);
        }
    }

    private sealed class OneEntry(IInternalFiles inner, string list) : IInternalFiles
    {
        public string Location => inner.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => key == "tls.json"
            ? Task.FromResult<StoredFile?>(new StoredFile(System.Text.Encoding.UTF8.GetBytes(list), "1"))
            : inner.ReadAsync(key, cancellation);
    }
}
