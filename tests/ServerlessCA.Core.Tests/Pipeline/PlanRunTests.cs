using System.Text.Json.Nodes;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests that a plan says what a run does, in view of what the entries before would have done.</summary>
public sealed class PlanRunTests
{
    private static readonly string OneKey = SomeRequests.Csr();

    [Fact]
    public async Task The_first_run_is_planned_with_stand_ins_for_the_CAs_that_it_creates()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        Put(authority, SomeRequests.Entry("a", "a.csr"), SomeRequests.Entry("b", "b.csr", new JsonObject { ["purposes"] = new JsonArray("server_auth") }));

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal([TestAuthority.RootName, TestAuthority.IssuingName], plan.StandIns);
        Assert.Equal([PlannedVerdict.Issue, PlannedVerdict.Issue], plan.Entries.Select(entry => entry.Verdict));
        Assert.True(plan.Changes);
        Assert.Empty((await authority.PlanAsync()).StandIns);
    }

    [Fact]
    public async Task Other_keys_stand_in_for_CAs_that_do_not_exist_and_none_of_the_CA_is_asked_for()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        MemoryKeys standIns = new MemoryKeys().With(TestAuthority.RootName, KeySpec.EccNistP384).With(TestAuthority.IssuingName, KeySpec.EccNistP256);

        Plan plan = await authority.DecideAsync(ca => new PlanRun(ca with { Keys = new NoKeys() }, standIns).RunAsync(TestContext.Current.CancellationToken));

        Assert.False(plan.Fails);
        Assert.Equal(PlannedVerdict.Issue, Assert.Single(plan.Entries).Verdict);
        Assert.NotNull(plan.Entries[0].TbsDer);
    }

    [Fact]
    public async Task The_second_of_two_entries_with_one_key_meets_the_first()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(
            authority,
            SomeRequests.Entry("a", "one.csr"),
            SomeRequests.Entry("a", "one.csr", new JsonObject { ["lifetime"] = 7 }),
            SomeRequests.Entry("b", "one.csr"),
            SomeRequests.Entry("c", "one.csr", new JsonObject { ["force_issue"] = true }),
            SomeRequests.Entry("c", "one.csr", new JsonObject { ["force_issue"] = true }));
        authority.Internal.With("csrs/one.csr", OneKey);

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal(
            [PlannedVerdict.Issue, PlannedVerdict.Changed, PlannedVerdict.Refuse, PlannedVerdict.Issue, PlannedVerdict.AlreadyIssued],
            plan.Entries.Select(entry => entry.Verdict));
        Assert.Equal("an entry before it in the list gets the certificate", plan.Entries[1].Remark);
        Assert.Null(plan.Entries[1].Result.SerialNumber);
        Assert.True(plan.Refuses);
    }

    [Fact]
    public async Task An_entry_meets_what_a_list_of_revocations_of_the_same_run_does()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "one.csr"));
        authority.Internal.With("csrs/one.csr", OneKey);
        await authority.RunAsync();
        CertificateRecord row = Assert.Single(authority.Issued);
        Put(authority, SomeRequests.Entry("a", "one.csr"), SomeRequests.Entry("b", "one.csr", new JsonObject { ["force_issue"] = true }));
        authority.Internal.With("csrs/one.csr", OneKey).With(
            "revoked.json", $$"""[{"common_name": "a", "serial_number": "{{row.SerialNumber}}", "reason": "keyCompromise"}]""");

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal("Key has been reported as compromised", plan.Entries[1].Result.Message);
        Assert.Equal("its certificate was revoked on 2030-01-01 12:00:00: a new key gets a new certificate", plan.Entries[0].Remark);
        PlannedRevocation revocation = Assert.Single(plan.Revocations);
        Assert.Equal((ListedVerdict.New, true, 1), (revocation.Decision!.Verdict, revocation.Changes, revocation.Place.Line));
        Assert.Equal(row.Expires, revocation.Row!.Expires);
        Assert.False((await authority.PlanAsync()).Revocations[0].Changes);
    }

    [Fact]
    public async Task An_issuing_CA_that_the_same_run_revokes_issues_nothing()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        CertificateRecord issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Internal.With("revoked-root-ca.json", $$"""[{"serial_number": "{{issuing.SerialNumber}}"}]""");

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal("CA serverless-issuing-ca-dev was revoked on 2030-01-01 12:00:00", Assert.Single(plan.Entries).Result.Message);
        Assert.Equal("revoked-root-ca.json", Assert.Single(plan.Revocations).Place.File);
    }

    [Fact]
    public async Task Entries_that_are_wrong_are_planned_as_they_are_refused_each_on_its_line()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr("CN=a")).With("csrs/bad.csr", "nonsense").With("tls.json", """
            [
              {"common_name": "a", "csr_file": "lost.csr"},
              {"common_name": "b", "csr_file": "bad.csr"},
              "c",

              {"common_name": "serverless-root-ca-dev",
               "csr_file": "a.csr"},
              {"ca_chain_only": true},
              {"csr_file": "a.csr", "sans": ["bad_name", "good.example"], "nonsense": 1}
            ]
            """);

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal([2, 3, 4, 6, 8, 9], plan.Entries.Select(entry => entry.Place.Line!.Value));
        Assert.Equal(5, plan.Count(PlannedVerdict.Refuse));
        Assert.Equal("a", plan.Entries[5].Result.CommonName);
        Assert.Equal(2, plan.Entries[5].Warnings.Count);
    }

    [Fact]
    public async Task A_CSR_that_cannot_be_read_fails_its_entry_alone()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"), SomeRequests.Entry("b", "b.csr"));

        Plan plan = await authority.DecideAsync(ca =>
            new PlanRun(ca with { InternalFiles = new OddFile(ca.InternalFiles, "csrs/a.csr") }, authority.Keys).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal([PlannedVerdict.Fail, PlannedVerdict.Issue], plan.Entries.Select(entry => entry.Verdict));
        Assert.Equal("csrs/a.csr is a pipe", plan.Entries[0].Result.Message);
        Assert.True(plan.Fails);
    }

    [Theory]
    [InlineData("tls.json")]
    [InlineData("revoked.json")]
    [InlineData("revoked-root-ca.json")]
    public async Task A_list_that_cannot_be_read_fails_its_step(string key)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        authority.Internal.With(key, "[{");

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Contains($"{key} in S3 bucket 'internal' is not JSON: broken at line 1, byte 3", Assert.Single(plan.Steps, step => step.Status == StepStatus.Failed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocations_that_cannot_be_carried_out_say_why_and_where()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync("a.example.test");
        authority.Internal.With("revoked.json", $$"""
            [
              {"common_name": "b.example.test", "serial_number": "{{row.SerialNumber}}"},
              {"common_name": "nobody", "serial_number": 17},
              17,
              {"common_name": "A.example.test", "serial_number": "{{row.SerialNumber}}", "reason": "nonsense"}
            ]
            """);

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal([2, 3, 4, 5], plan.Revocations.Select(revocation => revocation.Place.Line!.Value));
        Assert.All(plan.Revocations, revocation => Assert.Single(revocation.Failures));
        Assert.Contains("is 'a.example.test', not 'b.example.test'", plan.Revocations[0].Failures[0], StringComparison.Ordinal);
        Assert.Equal(ListedVerdict.New, plan.Revocations[3].Decision!.Verdict);
        Assert.True(plan.Revocations[3].Changes);
    }

    [Fact]
    public async Task Against_no_CA_every_entry_is_new_and_nobody_knows_what_a_revocation_hits()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        await authority.RunAsync();
        authority.Internal.With("revoked.json", """[{"common_name": "a", "serial_number": 17}, {"common_name": "a", "serial_number": 18, "reason": "nonsense"}]""");
        var files = new EmptyPublishedFiles();
        Deployment nothing = authority.Deployment with { Ledger = new EmptyLedger(), PublishedFiles = files, CrlCopies = files, Notifier = new NoNotifier() };

        Plan plan = await new PlanRun(nothing, authority.Keys) { IsAgainstNothing = true }.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(PlannedVerdict.Issue, Assert.Single(plan.Entries).Verdict);
        Assert.All(plan.Revocations, revocation => Assert.True(revocation.IsUnjudged));
        Assert.Equal([0, 1], plan.Revocations.Select(revocation => revocation.Failures.Count));
    }

    [Fact]
    public async Task A_certificate_whose_entry_is_gone_is_named_until_it_ends()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"), SomeRequests.Entry("b", "b.csr"), SomeRequests.Entry("c", "c.csr"));
        await authority.RunAsync();
        await authority.IssuedAsync("direct.example.test");
        Put(authority, SomeRequests.Entry("a", "a2.csr"));

        Assert.Equal(["b", "c"], (await authority.PlanAsync()).Vanished.Rows.Select(row => row.CommonName).Order());

        CertificateRecord b = authority.Issued.Single(row => row.CommonName == "b");
        authority.Internal.With("revoked.json", $$"""[{"serial_number": "{{b.SerialNumber}}"}]""");
        Assert.Equal("c", Assert.Single((await authority.PlanAsync()).Vanished.Rows).CommonName);

        authority.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Empty((await authority.PlanAsync()).Vanished.Rows);
    }

    [Fact]
    public async Task Of_many_vanished_entries_the_first_to_expire_are_named_and_the_others_counted()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, [.. Enumerable.Range(1, 23).Select(days => SomeRequests.Entry($"n{days}", $"{days}.csr", new JsonObject { ["lifetime"] = 50 - days }))]);
        await authority.RunAsync();
        Put(authority);

        VanishedEntries vanished = (await authority.PlanAsync()).Vanished;

        Assert.Equal(20, vanished.Rows.Count);
        Assert.Equal(["n23", "n22"], vanished.Rows.Take(2).Select(row => row.CommonName));
        Assert.Equal(3, vanished.More);
    }

    [Fact]
    public async Task What_is_renewed_is_compared_with_the_certificate_of_today()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        await authority.RunAsync();
        CertificateRecord before = Assert.Single(authority.Issued);
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr("CN=a,O=New"));

        PlannedEntry entry = Assert.Single((await authority.PlanAndRunAsync()).Entries);

        Assert.Equal(before.SerialNumber, entry.Present!.SerialNumber);
        Assert.Equal(["Subject", "Key"], entry.Differences.Select(difference => difference.What));
    }

    [Fact]
    public async Task Reminders_that_are_due_are_part_of_the_plan()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, SomeRequests.Entry("a", "a.csr"));
        await authority.RunAsync();
        authority.Clock.Advance(TimeSpan.FromDays(29));

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal("a", Assert.Single(plan.Reminders!.Due).Row.CommonName);
        Assert.False(plan.Changes);
    }

    [Fact]
    public async Task A_deployment_that_reminds_of_nothing_has_no_step_for_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { ExpiryReminders = [] });
        Put(authority, SomeRequests.Entry("a", "a.csr"));

        Assert.Null((await authority.PlanAndRunAsync()).Reminders);
    }

    [Fact]
    public async Task A_token_answers_the_same_certificate_in_the_plan_as_well()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject entry = SomeRequests.Entry("a", "a.csr", new JsonObject { ["idempotency_token"] = "t" });
        Put(authority, entry, entry, SomeRequests.Entry("b", "b.csr", new JsonObject { ["idempotency_token"] = "t" }));

        Plan plan = await authority.PlanAndRunAsync();

        Assert.Equal([PlannedVerdict.Issue, PlannedVerdict.AlreadyIssued, PlannedVerdict.Refuse], plan.Entries.Select(planned => planned.Verdict));
        Assert.Equal(PlannedVerdict.AlreadyIssued, (await authority.PlanAndRunAsync()).Entries[0].Verdict);
    }

    // A CSR that is there stays, so that its entry keeps its key.
    private static void Put(TestAuthority authority, params IEnumerable<JsonObject> entries)
    {
        authority.Internal.With("tls.json", new JsonArray([.. entries.Select(entry => entry.DeepClone())]).ToJsonString());
        foreach (JsonObject entry in entries)
        {
            string key = $"csrs/{entry["csr_file"]}";
            if (!authority.Internal.Has(key))
            {
                authority.Internal.With(key, SomeRequests.Csr($"CN={entry["common_name"]}"));
            }
        }
    }

    private sealed class NoKeys : ICaKeys
    {
        public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => throw new InvalidOperationException("a plan asks for no key");
    }

    private sealed class OddFile(IInternalFiles files, string odd) : IInternalFiles
    {
        public string Location => files.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) =>
            key == odd ? throw new FilesUnavailableException($"{key} is a pipe") { IsUnfit = true } : files.ReadAsync(key, cancellation);
    }
}
