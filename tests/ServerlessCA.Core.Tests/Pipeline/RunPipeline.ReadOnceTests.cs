using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests that what many requests have in common is read once.</summary>
public sealed class ReadOnceTests
{
    private const int Entries = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_reads_the_list_and_the_CAs_once_and_each_CSR_once_however_many_entries_there_are()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Put(authority, Entries);
        await authority.RunAsync();
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        var files = new CountedFiles(authority.Internal);
        HashSet<CaFunction> certificates = [CaFunction.TlsCert];

        PipelineReport report = await new RunPipeline(authority.Deployment with { Ledger = ledger, InternalFiles = files }).RunAsync(certificates, Cancellation);

        Assert.Equal(Entries, report.Count(EntryStatus.AlreadyIssued));
        Assert.Equal(1, files.Read["tls.json"]);
        Assert.All(Enumerable.Range(0, Entries), number => Assert.Equal(1, files.Read[$"csrs/{number}.csr"]));
        Assert.Equal(Entries + 2, watched.Calls.Count(call => call == nameof(ICertificateLedger.FindByNameAsync)));
    }

    [Fact]
    public async Task A_CA_that_a_run_makes_is_the_one_that_its_entries_get()
    {
        var authority = TestAuthority.WithoutCas();
        Put(authority, 2);

        PipelineReport report = await authority.RunAsync();

        Assert.Equal(2, report.Count(EntryStatus.Issued));
    }

    [Fact]
    public async Task A_list_that_has_not_changed_is_not_handed_over_again_and_a_changed_one_is()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", "[]");
        var files = new CountedFiles(authority.Internal);
        var issue = new IssueCertificate(authority.Deployment with { InternalFiles = files });

        await IssueAsync(issue, "one.example.test");
        await IssueAsync(issue, "two.example.test");
        authority.Internal.With("tls.json", """[{"common_name": "three.example.test"}]""");
        await IssueAsync(issue, "three.example.test");
        authority.Internal.Remove("tls.json");
        await IssueAsync(issue, "four.example.test");

        Assert.Equal((1, 3), (files.Read["tls.json"], files.ReadNewer["tls.json"]));
        Assert.Equal(["three.example.test"], authority.Issued.Where(row => row.NotifyExpiry is true).Select(row => row.CommonName));
    }

    [Fact]
    public async Task A_request_that_says_itself_who_is_notified_needs_no_list()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var files = new CountedFiles(authority.Internal);
        var issue = new IssueCertificate(authority.Deployment with { InternalFiles = files });

        await IssueAsync(issue, "one.example.test", new JsonObject { ["notify_expiry"] = true, ["notify_issued"] = false });

        Assert.Empty(files.Read);
    }

    private static async Task IssueAsync(IssueCertificate issue, string name, JsonObject? more = null) => Assert.IsType<IssueOutcome.Issued>(
        await issue.RunAsync(System.Text.Encoding.UTF8.GetBytes(SomeRequests.Direct(name, more: more).ToJsonString()), Cancellation));

    private static void Put(TestAuthority authority, int count)
    {
        JsonArray list = [];
        foreach (int number in Enumerable.Range(0, count))
        {
            authority.Internal.With($"csrs/{number}.csr", SomeRequests.Csr());
            list.Add(SomeRequests.Entry($"host{number}.example.test", $"{number}.csr"));
        }

        authority.Internal.With(GitOpsEntries.FileKey, list.ToJsonString());
    }

    /// <summary>Counts what is read, and returns no file whose version is known.</summary>
    private sealed class CountedFiles(IInternalFiles inner) : IInternalFiles
    {
        public ConcurrentDictionary<string, int> Read { get; } = new();

        public ConcurrentDictionary<string, int> ReadNewer { get; } = new();

        public string Location => inner.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            Read.AddOrUpdate(key, 1, (_, count) => count + 1);
            return inner.ReadAsync(key, cancellation);
        }

        public async Task<StoredFile?> ReadNewerAsync(string key, string knownVersion, CancellationToken cancellation)
        {
            ReadNewer.AddOrUpdate(key, 1, (_, count) => count + 1);
            StoredFile? file = await inner.ReadAsync(key, cancellation);
            return file?.Version == knownVersion ? file with { Content = default } : file;
        }
    }
}
