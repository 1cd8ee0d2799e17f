using System.Text.Json.Nodes;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.History;

/// <summary>Tests what the use cases note, who is named, and what is read from rows that have no history.</summary>
public sealed class CertificateHistoryTests
{
    private const string Name = "client.example.test";

    private static readonly Actor Alice = new("local:alice");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_life_of_a_certificate_is_noted_with_who_did_what()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { ExpiryReminders = [10] });
        Deployment alices = authority.Deployment with { Actor = Alice };
        JsonObject request = SomeRequests.Direct(Name);
        request["notify_expiry"] = true;
        Assert.IsType<IssueOutcome.Issued>(await TestAuthority.IssueAsync(alices, request));
        CertificateRecord row = authority.Issued.Single();
        authority.Clock.SetUtcNow(row.Expires.AddDays(-10));
        await new RemindOfExpiry(authority.Deployment with { Actor = new Actor("serve schedule") }).RunAsync(Cancellation);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await new RevokeCertificate(alices).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, Cancellation);

        FoundHistory found = await FindAsync(authority, Name);

        Assert.Equal(
            [(HistoryKind.Revoked, "local:alice", "keyCompromise"), (HistoryKind.Reminded, "serve schedule", $"expires {TableTime.Text(row.Expires)}"),
                (HistoryKind.Issued, "local:alice", $"expires {TableTime.Text(row.Expires)}")],
            found.Entries.Select(entry => (entry.Kind, entry.By!, entry.Details)));
        Assert.All(found.Entries, entry => Assert.Equal((Name, row.SerialNumber, false), (entry.CommonName, entry.SerialNumber!.Value, entry.IsFromRow)));
        Assert.Equal(TestAuthority.IssuingName, found.Entries[^1].Ca);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero), found.Entries[^1].At);
        Assert.Equal(found.Entries, (await FindAsync(authority, row.SerialNumber.ToString())).Entries);
    }

    [Fact]
    public async Task A_row_without_a_history_tells_of_itself_and_says_that_it_does()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        DateTimeOffset issued = authority.Clock.GetUtcNow().AddDays(-500);
        CertificateRecord row = new()
        {
            CommonName = Name,
            SerialNumber = SerialNumber.Of(17),
            Issued = issued,
            Expires = issued.AddDays(600),
            CertificatePem = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
            ExpiryReminders = [issued.AddDays(300)],
            Revoked = new CertificateRevocation(issued.AddDays(400), RevocationReason.Superseded),
        };
        authority.Ledger.Plant(row);

        FoundHistory found = await FindAsync(authority, Name);

        Assert.Equal(
            [(HistoryKind.Revoked, issued.AddDays(400)), (HistoryKind.Reminded, issued.AddDays(300)), (HistoryKind.Issued, issued)],
            found.Entries.Select(entry => (entry.Kind, entry.At)));
        Assert.All(found.Entries, entry => Assert.True(entry is { IsFromRow: true, By: null }));
        Assert.Equal(found.Entries, (await FindAsync(authority, "17")).Entries);
        Assert.Equal(2, (await new CertificateHistory(authority.Ledger, authority.Clock).FindAsync(Name, issued.AddDays(300), 10, Cancellation)).Entries.Count);
        Assert.Empty((await FindAsync(authority, "18")).Entries);
    }

    [Fact]
    public async Task What_is_noted_is_not_read_from_the_row_again_until_it_is_forgotten()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await TestAuthority.IssueAsync(authority.Deployment with { Actor = Alice }, SomeRequests.Direct(Name));

        Assert.Equal([false], (await FindAsync(authority, Name)).Entries.Select(entry => entry.IsFromRow));
        authority.Clock.Advance(TimeSpan.FromDays(401));
        Assert.Equal([true], (await FindAsync(authority, Name)).Entries.Select(entry => entry.IsFromRow));
    }

    [Fact]
    public async Task A_caller_has_one_refusal_in_a_minute_and_callers_do_not_hide_each_other()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var invoke = new InvokeFunction(authority.Deployment);
        foreach (string caller in (string[])["a", "a", "b", "a"])
        {
            await RefuseAsync(invoke.As(new Actor(caller)));
        }

        authority.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefuseAsync(invoke.As(new Actor("a")));
        await RefuseAsync(invoke.As(new Actor("request 1") { Limited = "aws" }));
        await RefuseAsync(invoke.As(new Actor("request 2") { Limited = "aws" }));

        Assert.Equal(["a", "a", "b", "request 1"], Refusals(await NewestAsync(authority)).Select(entry => entry.By!).Order());
        Assert.All(Refusals(await NewestAsync(authority)), entry => Assert.StartsWith("malformed: ", entry.Details, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_of_the_list_that_repeats_every_night_is_noted_once_a_month_and_what_exists_is_none()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", """[{"common_name": "lost.example.test", "csr_file": "lost.csr"}]""");
        for (int night = 0; night < 29; night++)
        {
            await authority.RunAsync();
            authority.Clock.Advance(TimeSpan.FromDays(1));
        }

        HistoryEntry refused = Assert.Single(Refusals(await NewestAsync(authority)));
        Assert.Equal(("lost.example.test", true), (refused.CommonName, refused.Details.StartsWith("csr_file_not_found: ", StringComparison.Ordinal)));
        authority.Clock.Advance(TimeSpan.FromDays(2));
        await authority.RunAsync();
        Assert.True(Assert.Single(Refusals(await NewestAsync(authority))).At > refused.At.AddDays(30));
    }

    [Fact]
    public async Task Every_CRL_is_noted_with_its_number()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await PublishCrl.OfIssuing(authority.Deployment with { Actor = Alice }).RunAsync(Cancellation);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await PublishCrl.OfIssuing(authority.Deployment).RunAsync(Cancellation);

        Assert.Equal(
            [(HistoryKind.Crl, "CRL 2, 0 revoked", null), (HistoryKind.Crl, "CRL 1, 0 revoked", "local:alice")],
            (await FindAsync(authority, TestAuthority.IssuingName)).Entries.Take(2).Select(entry => (entry.Kind, entry.Details, entry.By)));
    }

    [Fact]
    public async Task A_refusal_is_answered_although_the_ledger_takes_no_note_of_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) => method == nameof(ICertificateLedger.AddHistoryAsync)
            ? Task.FromException<bool>(new LedgerUnavailableException("no"))
            : given);

        IssueOutcome outcome = await TestAuthority.IssueAsync(authority.Deployment with { Ledger = ledger }, new JsonObject { ["common_name"] = 1 });
        CrlOutcome crl = await PublishCrl.OfIssuing(authority.Deployment with { Ledger = ledger }).RunAsync(Cancellation);

        Assert.IsType<IssueOutcome.Refused>(outcome);
        Assert.Equal(CrlStatus.Published, crl.Status);
    }

    [Fact]
    public async Task Without_its_index_a_ledger_still_tells_what_the_rows_say()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct(Name));
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) => method == nameof(ICertificateLedger.FindHistoryAsync)
            ? Task.FromException<IReadOnlyList<HistoryEntry>>(new LedgerUnavailableException("no index") { IsIndexMissing = true })
            : given);

        FoundHistory found = await new CertificateHistory(ledger, authority.Clock).FindAsync(Name, since: null, 10, Cancellation);

        Assert.Equal(("no index", true), (found.Gap, Assert.Single(found.Entries).IsFromRow));
    }

    private static async Task RefuseAsync(InvokeFunction invoke)
    {
        OperationResult answer = await invoke.RunAsync(CaFunction.TlsCert, """{"common_name": 1}"""u8.ToArray(), Cancellation);
        Assert.Contains("\"error\"", answer.Json, StringComparison.Ordinal);
    }

    private static IEnumerable<HistoryEntry> Refusals(FoundHistory found) => found.Entries.Where(entry => entry.Kind == HistoryKind.Refused);

    private static Task<FoundHistory> FindAsync(TestAuthority authority, string text) =>
        new CertificateHistory(authority.Ledger, authority.Clock).FindAsync(text, since: null, 100, Cancellation);

    private static Task<FoundHistory> NewestAsync(TestAuthority authority) =>
        new CertificateHistory(authority.Ledger, authority.Clock).NewestAsync(DateTimeOffset.MinValue, 1000, Cancellation);
}
