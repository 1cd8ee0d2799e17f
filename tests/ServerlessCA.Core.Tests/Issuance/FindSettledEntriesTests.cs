using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests that a run need not call tls-cert for entries that have their certificate, but for every other one.</summary>
public sealed class SettledEntriesTests
{
    private const string One = "one.example.test";
    private const string Two = "two.example.test";

    [Fact]
    public async Task An_entry_that_has_its_certificate_is_settled_and_a_new_one_is_not()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        authority.Internal.With("csrs/two.csr", SomeRequests.Csr());
        Put(authority, SomeRequests.Entry(Two, "two.csr"), SomeRequests.Entry(One, "one.csr"));

        SettledEntries found = await FindAsync(authority.Deployment);

        Assert.Equal([1], found.Places);
        Assert.Equal((2, null), (found.Count, found.CutShort));
        Assert.Equal("""{"Settled":[1]}""", found.Json);
    }

    [Fact]
    public async Task The_function_by_its_name_answers_the_event_too_and_refuses_nobody()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        string[] sent = [.. authority.Told];

        OperationResult answer = await new InvokeFunction(authority.Deployment).RunAsync(
            CaFunction.TlsCert, """{"settled_entries_of": "tls.json"}"""u8.ToArray(), CancellationToken.None);

        Assert.Equal("""{"Settled":[0]}""", answer.Json);
        Assert.Empty(answer.Notes);
        Assert.Equal(sent, authority.Told);
    }

    [Fact]
    public async Task Looking_changes_nothing_and_notifies_nobody()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        authority.Internal.With("csrs/two.csr", SomeRequests.Csr()).With("csrs/broken.csr", "no CSR");
        Put(authority, SomeRequests.Entry(One, "one.csr"), SomeRequests.Entry(Two, "two.csr"), SomeRequests.Entry("broken", "broken.csr"), "no object");
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        string[] sent = [.. authority.Told];

        Assert.Equal([0], (await FindAsync(authority.Deployment with { Ledger = ledger })).Places);

        Assert.All(watched.Calls, call => Assert.StartsWith("Find", call, StringComparison.Ordinal));
        Assert.Equal(sent, authority.Told);
    }

    [Fact]
    public async Task A_renewal_by_another_CSR_is_not_settled()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());

        Assert.Empty((await FindAsync(authority.Deployment)).Places);
    }

    [Fact]
    public async Task An_entry_that_will_be_issued_anew_or_has_a_remark_is_not_settled()
    {
        TestAuthority lost = await WithOneIssuedAsync();
        LoseIssuingCa(lost);
        await new CreateIssuingCa(lost.Deployment).RunAsync(CancellationToken.None);
        TestAuthority revoked = await WithOneIssuedAsync();
        CertificateRecord row = revoked.Issued.Single();
        await revoked.Ledger.RevokeAsync(
            new RowId(row.CommonName, row.SerialNumber), new CertificateRevocation(revoked.Clock.GetUtcNow(), RevocationReason.Superseded), null, null, null, CancellationToken.None);
        Assert.Equal([0], (await FindAsync(revoked.Deployment)).Places);
        LoseIssuingCa(revoked);
        await new CreateIssuingCa(revoked.Deployment).RunAsync(CancellationToken.None);

        Assert.Empty((await FindAsync(lost.Deployment)).Places);
        Assert.Empty((await FindAsync(revoked.Deployment)).Places);
        Assert.Contains("a new key gets a new certificate", (await revoked.IssueAsync(SomeRequests.Entry(One, "one.csr"))).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_entry_is_settled_once_it_was_issued()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        var forced = SomeRequests.Entry(One, "one.csr", new JsonObject { ["force_issue"] = true });
        Put(authority, forced);

        Assert.Empty((await FindAsync(authority.Deployment)).Places);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(forced));
        Assert.Equal([0], (await FindAsync(authority.Deployment)).Places);
    }

    [Fact]
    public async Task Without_a_CA_or_a_list_nothing_is_settled()
    {
        TestAuthority none = TestAuthority.WithoutCas();
        none.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(none, SomeRequests.Entry(One, "one.csr"));
        TestAuthority broken = await WithOneIssuedAsync();
        broken.Internal.With("tls.json", "no list");

        Assert.Empty((await FindAsync(none.Deployment)).Places);
        Assert.Empty((await FindAsync(broken.Deployment)).Places);
    }

    [Fact]
    public async Task A_file_of_a_size_that_no_CSR_has_is_left_to_the_function_and_the_others_are_settled()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        Put(authority, SomeRequests.Entry(Two, "two.csr"), SomeRequests.Entry(One, "one.csr"));

        var csrs = new WatchedFiles(authority.Internal, key => throw new FilesUnavailableException($"{key} is too large") { IsUnfit = true }, "csrs/two.csr");
        SettledEntries found = await new FindSettledEntries(authority.Deployment, csrs).RunAsync(CancellationToken.None);

        Assert.Equal([1], found.Places);
        Assert.Null(found.CutShort);
    }

    [Fact]
    public async Task A_ledger_that_does_not_answer_ends_the_search_and_is_reported()
    {
        TestAuthority authority = await WithOneIssuedAsync();
        Put(authority, [.. Enumerable.Repeat(SomeRequests.Entry(One, "one.csr"), 500)]);
        int calls = 0;
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.FindKeyAsync) && Interlocked.Increment(ref calls) > 100
                ? Task.FromException<KeyReservation?>(new LedgerUnavailableException("the table is on fire"))
                : given);

        SettledEntries found = await FindAsync(authority.Deployment with { Ledger = ledger });

        Assert.Equal(("the table is on fire", 500), (found.CutShort, found.Count));
        Assert.InRange(found.Places.Count, 1, 100);
        Assert.InRange(calls, 101, 116); // of the sixteen at once, each asks in vain no more than once
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_time_is_over_what_is_known_is_the_answer(bool byDeadline)
    {
        TestAuthority authority = await WithOneIssuedAsync();
        Put(authority, [.. Enumerable.Repeat(SomeRequests.Entry(One, "one.csr"), 50)]);
        using var deadline = new CancellationTokenSource();
        int reads = 0;
        void Read(string key)
        {
            if (Interlocked.Increment(ref reads) == 40)
            {
                Action over = byDeadline ? deadline.Cancel : () => authority.Clock.Advance(TimeSpan.FromMinutes(3));
                over();
            }
        }

        var csrs = new WatchedFiles(authority.Internal, Read, "csrs/one.csr");
        SettledEntries found = await new FindSettledEntries(authority.Deployment, csrs).RunAsync(deadline.Token);

        Assert.Equal(("the time was over", 50), (found.CutShort, found.Count));
        Assert.InRange(found.Places.Count, 1, 49);
    }

    [Fact]
    public void The_answer_stays_far_below_what_a_state_may_hold()
    {
        SettledEntries found = SettledEntries.Of([.. Enumerable.Repeat(true, 100_000)], cutShort: null);

        Assert.InRange(Encoding.UTF8.GetByteCount(found.Json), 65_000, 65_536);
        Assert.Equal(Enumerable.Range(0, found.Places.Count), found.Places);
        Assert.Equal("there are more of them than one answer names", found.CutShort);
    }

    private static async Task<TestAuthority> WithOneIssuedAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(authority, SomeRequests.Entry(One, "one.csr"));
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Entry(One, "one.csr")));
        return authority;
    }

    private static void Put(TestAuthority authority, params JsonNode[] entries) =>
        authority.Internal.With("tls.json", new JsonArray([.. entries.Select(entry => entry.DeepClone())]).ToJsonString());

    private static void LoseIssuingCa(TestAuthority authority)
    {
        CertificateRecord issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Ledger.Lose(new RowId(issuing.CommonName, issuing.SerialNumber));
        authority.Keys.With(TestAuthority.IssuingName, Core.Keys.KeySpec.EccNistP256);
    }

    private static Task<SettledEntries> FindAsync(Deployment deployment) =>
        new FindSettledEntries(deployment, deployment.InternalFiles).RunAsync(CancellationToken.None);

    /// <summary>Is a store to which something happens when a file is read.</summary>
    private sealed class WatchedFiles(IInternalFiles inner, Action<string> before, string file) : IInternalFiles
    {
        public string Location => inner.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            if (key == file)
            {
                before(key);
            }

            return inner.ReadAsync(key, cancellation);
        }
    }
}
