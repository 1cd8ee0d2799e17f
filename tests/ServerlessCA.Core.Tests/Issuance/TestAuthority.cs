using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>A deployment in memory whose clock stands at 2030-01-01 12:00:00 UTC.</summary>
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

    /// <summary>The subjects of what was delivered, in order.</summary>
    public IEnumerable<string> Told => Notifier.Delivered.Select(told => told.Subject);

    /// <summary>End-entity rows.</summary>
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

    /// <summary>The same deployment whose adapters fail as planned.</summary>
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
