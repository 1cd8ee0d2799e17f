using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Is a deployment in memory whose clock stands at 2030-01-01 12:00:00 UTC.</summary>
internal sealed class TestAuthority
{
    public const string RootName = "serverless-root-ca-dev";
    public const string IssuingName = "serverless-issuing-ca-dev";

    private TestAuthority(CaSettings settings) => Settings = settings;

    public CaSettings Settings { get; set; }

    public MemoryLedger Ledger { get; } = new();

    // P-256 for both: OpenSSL is thirty times as quick with it as with P-384. Chains of every kind are made elsewhere.
    public MemoryKeys Keys { get; } = new MemoryKeys().With(RootName, KeySpec.EccNistP256).With(IssuingName, KeySpec.EccNistP256);

    public MemoryInternalFiles Internal { get; } = new();

    public MemoryPublishedFiles Published { get; } = new();

    public MemoryPublishedFiles Copies { get; } = new();

    public MemoryNotifier Notifier { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public Deployment Deployment => new(Settings, Keys, Ledger, Internal, Published, Copies, Notifier, new RandomSerialSource(), Clock);

    /// <summary>Lists the subjects of the delivered notifications, in order.</summary>
    public IEnumerable<string> Told => Notifier.Delivered.Select(sent => sent.Subject);

    /// <summary>Lists the end-entity rows.</summary>
    public IEnumerable<CertificateRecord> Issued => Ledger.Records.Where(row => !row.IsCa);

    public static TestAuthority WithoutCas(Func<CaSettings, CaSettings>? change = null)
    {
        var settings = new CaSettings { Names = new CaNames("serverless", "dev", ["prd", "prod"]) };
        return new TestAuthority(change is null ? settings : change(settings));
    }

    public static async Task<TestAuthority> CreateAsync(Func<CaSettings, CaSettings>? change = null)
    {
        TestAuthority authority = WithoutCas(change);
        await new CreateRootCa(authority.Deployment).RunAsync(CancellationToken.None);
        await new CreateIssuingCa(authority.Deployment).RunAsync(CancellationToken.None);
        return authority;
    }

    /// <summary>Returns the same deployment with adapters that fail as planned.</summary>
    public Deployment Failing(FaultPlan plan) => Deployment with
    {
        Ledger = new FaultyLedger(Ledger, plan),
        Keys = new FaultyKeys(Keys, plan),
        InternalFiles = new FaultyInternalFiles(Internal, plan),
        PublishedFiles = new FaultyPublishedFiles(Published, plan),
        CrlCopies = new FaultyPublishedFiles(Copies, plan),
        Notifier = new FaultyNotifier(Notifier, plan),
    };

    public Task<IssueOutcome> IssueAsync(JsonNode? request) => IssueAsync(Deployment, request);

    public static Task<IssueOutcome> IssueAsync(Deployment deployment, JsonNode? request) =>
        new IssueCertificate(deployment).RunAsync(Encoding.UTF8.GetBytes(request?.ToJsonString() ?? "null"), CancellationToken.None);

    public Task<PipelineReport> RunAsync() => new RunPipeline(Deployment).RunAsync(CancellationToken.None);

    public Certificate CertificateOf(CertificateRecord row) =>
        Certificate.TryDecodePem(row.CertificatePem, out Certificate? certificate)
            ? certificate
            : throw new InvalidOperationException("the row's certificate cannot be read");
}

/// <summary>Makes decisions of a <see cref="TestAuthority"/>, each with the proof that it has changed nothing.</summary>
internal static class Decided
{
    /// <summary>Decides, and expects that no port was called to write or sign, and that ledger, files and events are as
    /// before.</summary>
    public static async Task<T> DecideAsync<T>(this TestAuthority authority, Func<Deployment, Task<T>> decide)
    {
        string before = await StateAsync(authority);
        var plan = FaultPlan.None();

        T decided = await decide(authority.Failing(plan));

        Assert.Equal(0, plan.Writes);
        Assert.Equal(before, await StateAsync(authority));
        return decided;
    }

    public static Task<CrlDecision> DecideCrlAsync(this TestAuthority authority) =>
        authority.DecideAsync(ca => PublishCrl.OfIssuing(ca).DecideAsync(CancellationToken.None));

    /// <summary>Writes down every row with its CRL number, revocation and reminders; every file; every event, delivered or in the
    /// outbox.</summary>
    private static async Task<string> StateAsync(TestAuthority authority)
    {
        IReadOnlyList<Notification> stored = await authority.Ledger.ReadOutboxAsync(1000, CancellationToken.None);
        IEnumerable<string> rows = authority.Ledger.Records.Select(row =>
            $"{row.CommonName} {row.SerialNumber} {row.Issued} {row.Expires} {row.CrlNumber} {row.Revoked} {string.Join(',', row.ExpiryReminders)}");
        IEnumerable<string> files = authority.Published.Files.Concat(authority.Copies.Files)
            .Select(file => $"{file.Key} {Convert.ToHexString(file.Value.Content.Span)}").Order();
        return string.Join('\n', [.. rows, .. files, .. stored.Concat(authority.Notifier.Delivered).Select(sent => sent.Id)]);
    }
}

/// <summary>Counts the calls of a ledger; a test may replace its answers.</summary>
internal sealed class InterceptedLedger : ForwardingLedger
{
    private readonly List<string> calls = [];
    private readonly Func<string, object, object> answer;

    private InterceptedLedger(ICertificateLedger inner, Func<string, object, object> answer)
        : base(inner) => this.answer = answer;

    /// <summary>Lists the names of the methods that were called, in order.</summary>
    public IReadOnlyList<string> Calls => calls;

    /// <summary>Counts the items that streams handed out.</summary>
    public int RowsStreamed { get; private set; }

    /// <summary>Makes a ledger that is watched.</summary>
    /// <param name="ledger">The ledger that is called.</param>
    /// <param name="answer">Makes the answer from a method's name and its result (a task, or a stream).</param>
    public static (ICertificateLedger Ledger, InterceptedLedger Intercepted) Over(
        ICertificateLedger ledger, Func<string, object, object>? answer = null)
    {
        var intercepted = new InterceptedLedger(ledger, answer ?? ((_, given) => given));
        return (intercepted, intercepted);
    }

    protected override Task<T> ReadAsync<T>(Func<Task<T>> read, [CallerMemberName] string method = "") => Answer(method, read);

    protected override Task<T> WriteAsync<T>(Func<Task<T>> write, [CallerMemberName] string method = "") => Answer(method, write);

    protected override IAsyncEnumerable<T> ReadAll<T>(IAsyncEnumerable<T> rows, [CallerMemberName] string method = "") =>
        Answer(method, () => Counted(rows));

    private T Answer<T>(string method, Func<T> ask)
        where T : class
    {
        lock (calls)
        {
            calls.Add(method);
        }

        return (T)answer(method, ask());
    }

    private async IAsyncEnumerable<T> Counted<T>(IAsyncEnumerable<T> rows)
    {
        await foreach (T row in rows)
        {
            RowsStreamed++;
            yield return row;
        }
    }
}
