using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Retries;
using ServerlessCA.Server.Logging;
using CertificateRequest = ServerlessCA.Core.Requests.CertificateRequest;
using KeyKind = ServerlessCA.Core.Keys.KeyKind;
using PublicKey = ServerlessCA.Core.Keys.PublicKey;

namespace ServerlessCA.Server.Tls;

/// <summary>Serves a certificate that the CA issues to its own server, with a fresh key every time, and renews it at
/// two thirds of its life. The key stays in memory: after a restart the server gets another certificate.</summary>
internal sealed class OwnIdentity : IServerIdentity
{
    private const int Lifetime = 30; // days; our decision: short enough not to matter, long enough for a week's holiday

    private readonly IReadOnlyList<string> names;
    private readonly Deployment ca;
    private readonly IssueCertificate issue;
    private readonly ILogger log;
    private readonly Backoff backoff = Schedule.Schedule.RetriesUpTo(TimeSpan.FromHours(6)); // our decision: ten days are left when it begins
    private int failures;
    private DateTimeOffset renewAt;

    private OwnIdentity(IReadOnlyList<string> names, Deployment ca, ILogger log)
    {
        this.names = names;
        this.ca = ca;
        this.log = log;
        issue = new IssueCertificate(ca);
    }

    /// <inheritdoc/>
    public SslStreamCertificateContext Current { get; private set; } = null!; // CreateAsync sets it

    /// <summary>Throws unless there can be a certificate for these names. Whether the CA allows names of one label is
    /// checked when it issues.</summary>
    /// <exception cref="TlsUnusableException">One of them is not a valid name.</exception>
    public static void Check(IReadOnlyList<string> names)
    {
        _ = CommonNameOf(names[0]);
        foreach (string name in names)
        {
            _ = San(name, singleLabel: true);
        }
    }

    /// <summary>Creates the identity with its first certificate.</summary>
    /// <exception cref="TlsUnusableException">The CA does not issue the certificate.</exception>
    public static async Task<OwnIdentity> CreateAsync(IReadOnlyList<string> names, Deployment ca, ILogger log, CancellationToken cancellation)
    {
        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, ca.Settings.Names.IssuingCa, cancellation);
        if (!MLDsa.IsSupported && issuing is not null && KeyKind.Of(issuing.Certificate.PublicKey!.Algorithm).IsMlDsa)
        {
            // OpenSSL before 3.5 would refuse every connection without a reason.
            throw new TlsUnusableException(
                "this system's TLS knows no ML-DSA, with which the issuing CA signs: give a certificate of another CA, --tls-cert and --tls-key");
        }

        var identity = new OwnIdentity(names, ca, log);
        await identity.RenewAsync(cancellation);
        return identity;
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        if (now < renewAt)
        {
            return;
        }

        renewAt = BoundedTime.After(now, backoff.After(++failures)); // set before the attempt: each one may issue a certificate
        await RenewAsync(cancellation);
        failures = 0;
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        // The old certificate may have been the last for this key; a new certificate always comes with a new key.
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRecord record = await IssueAsync(key, cancellation);
        using X509Certificate2 bare = X509Certificate2.CreateFromPem(record.CertificatePem);
        CertificateAuthority issuing = await CertificateAuthority.FindAsync(ca.Ledger, ca.Settings.Names.IssuingCa, cancellation)
            ?? throw new TlsUnusableException("the issuing CA is gone");
        Current = TlsContext.Of(bare.CopyWithPrivateKey(key), [X509CertificateLoader.LoadCertificate(issuing.Certificate.Der.Span)]);
        renewAt = record.Issued + ((record.Expires - record.Issued) * 2 / 3);
        log.ServerCertificate(record.SerialNumber.ToString(), TableTime.Text(record.Expires));
    }

    private async Task<CertificateRecord> IssueAsync(ECDsa key, CancellationToken cancellation)
    {
        try
        {
            return await issue.RunAsync(Request(key), cancellation) switch
            {
                IssueOutcome.Issued issued => issued.Record,
                IssueOutcome.Refused refused => throw new TlsUnusableException($"the CA refuses a certificate for {names[0]}: {refused.Why.Message}"),
                _ => throw new TlsUnusableException($"the CA answered no certificate for {names[0]}"),
            };
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            throw new TlsUnusableException($"the CA issues no certificate for {names[0]}: {fault.Message}", fault);
        }
    }

    private CertificateRequest Request(ECDsa key)
    {
        if (!PublicKey.TryParse(key.ExportSubjectPublicKeyInfo(), out PublicKey? publicKey, out string? why))
        {
            throw new TlsUnusableException($"the server's key does not do: {why}");
        }

        byte[] csr = new CertificateSigningRequestTemplate(DistinguishedName.Of([CommonNameOf(names[0])]), publicKey, []).Sign(
            (info, digest) => key.SignData(info.Span, digest!.Value, DSASignatureFormat.Rfc3279DerSequence));
        return new CertificateRequest
        {
            CommonName = names[0],
            Csr = new CsrSource.PemText(Pem.Encode(Pem.RequestLabel, csr)),
            Purposes = ["server_auth"],
            Lifetime = Lifetime,
            Sans = [.. names.Select(name => San(name, ca.Settings.SingleLabelNames))],
            NotifyExpiry = false, // the server renews it itself
            NotifyIssued = false,
        };
    }

    private static NameAttribute CommonNameOf(string name) => SubjectAttributes.CommonName.TryMake(name, out NameAttribute? commonName, out string? why)
        ? commonName
        : throw new TlsUnusableException($"the server's name '{name}' {why}");

    // The CA would leave out an invalid name; then no client could use the certificate.
    private static GeneralName San(string name, bool singleLabel)
    {
        string type = IPAddress.TryParse(name, out _) ? "IP_ADDRESS" : "DNS_NAME";
        return GeneralName.TryParse(type, name, out GeneralName? san, out string? why, singleLabel)
            ? san
            : throw new TlsUnusableException($"the server's name '{name}' {why}");
    }
}
