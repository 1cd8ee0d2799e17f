using System.Security.Cryptography;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Benchmarks.Floor;

/// <summary>A CA with P-256 keys whose issues touch memory alone: its ledger takes every certificate and remembers the CAs only, and it has no
/// files.</summary>
internal sealed class FloorCa : IDisposable
{
    private readonly string folder;
    private readonly LocalCa local;
    private readonly ThrowAwayKeys keys;
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa verifier = ECDsa.Create();
    private readonly byte[] signed = RandomNumberGenerator.GetBytes(700); // octets of the signed part of such a certificate

    private FloorCa(LocalCa local, string folder)
    {
        this.folder = folder;
        this.local = local;
        keys = new ThrowAwayKeys(local.Settings.Ca.Names, KeySpec.EccNistP256, KeySpec.EccNistP256);
        verifier.ImportSubjectPublicKeyInfo(signer.ExportSubjectPublicKeyInfo(), out _);
    }

    private IssueCertificate Issue { get; set; } = null!;

    public static async Task<FloorCa> CreateAsync()
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-floor-").FullName;
        LocalCa local = await LocalCa.OpenAsync(
            new DataFolder(Path.Combine(folder, "ca")), create: true, TimeProvider.System, delivered: null, CancellationToken.None);
        var floor = new FloorCa(local, folder);
        var ledger = new ForgetfulLedger(local.Ledger);
        var ca = new Deployment(
            local.Settings.Ca, floor.keys, ledger, new NoFiles(), local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, TimeProvider.System);
        await new CreateRootCa(ca).RunAsync(CancellationToken.None);
        await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);
        await ledger.ForgetAsync(local.Settings.Ca.Names.RootCa, local.Settings.Ca.Names.IssuingCa);
        floor.Issue = new IssueCertificate(ca);
        return floor;
    }

    /// <summary>Issues one certificate.</summary>
    public async Task IssueAsync(FloorRequest request)
    {
        if (await Issue.RunAsync(request.Json, CancellationToken.None) is not IssueOutcome.Issued)
        {
            throw new InvalidOperationException("the request was refused");
        }
    }

    /// <summary>The processor time of what cannot be avoided of these requests.</summary>
    public TimeSpan Work(FloorRequest[] requests)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Array.ForEach(requests, RunFloor);
        return Environment.CpuUsage.TotalTime - before;
    }

    /// <summary>Does what cannot be avoided: verifies the CSR's signature, signs, verifies the own signature.</summary>
    public void RunFloor(FloorRequest request)
    {
        bool isValid = request.Verify();
        byte[] signature = signer.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (!isValid || !verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
        {
            throw new InvalidOperationException("a signature is not valid");
        }
    }

    public void Dispose()
    {
        signer.Dispose();
        verifier.Dispose();
        keys.Dispose();
        local.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class ForgetfulLedger(ICertificateLedger inner) : ForwardingLedger(inner)
    {
        private Dictionary<string, IReadOnlyList<CertificateRecord>>? cas;

        public async Task ForgetAsync(params string[] names)
        {
            var found = new Dictionary<string, IReadOnlyList<CertificateRecord>>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                found[name] = await Inner.FindByNameAsync(name, CancellationToken.None);
            }

            cas = found;
        }

        public override Task<IReadOnlyList<CertificateRecord>> FindByNameAsync(string commonName, CancellationToken cancellation) =>
            cas is null ? base.FindByNameAsync(commonName, cancellation)
            : Task.FromResult(cas.GetValueOrDefault(commonName) is { } rows ? (IReadOnlyList<CertificateRecord>)[.. rows.Select(row => row with { })] : []);

        public override Task<KeyReservation?> FindKeyAsync(ReservedKey key, CancellationToken cancellation) =>
            cas is null ? base.FindKeyAsync(key, cancellation) : Task.FromResult<KeyReservation?>(null);

        public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) =>
            cas is null ? base.AddAsync(addition, cancellation) : Task.FromResult(AddOutcome.Added);
    }

    private sealed class NoFiles : IInternalFiles
    {
        public string Location => "no folder";

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => Task.FromResult<StoredFile?>(null);
    }
}
