using System.Text;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Does what creating a root and creating an issuing CA have in common.</summary>
internal sealed class CaCreation(Deployment ca)
{
    private const int MaxTries = 3; // our decision: a faster run has written its row after one of them

    private readonly CaFiles files = new(ca);

    /// <summary>Decides, and carries the decision out; decides again where another run was faster: that run's CA
    /// counts.</summary>
    /// <exception cref="LedgerUnavailableException">The CA may have been created: run again. Or the name has rows, and none of
    /// them is a CA's.</exception>
    public async Task<CreateOutcome> RunAsync(Func<CancellationToken, Task<CaDecision>> decide, CancellationToken cancellation)
    {
        for (int tries = 1; ; tries++)
        {
            CaDecision decided = await decide(cancellation);
            (Certificate? certificate, CertificateAuthority? root) = decided switch
            {
                CaDecision.Create create => (await AddAsync(create, cancellation), create.Root),
                CaDecision.Exists exists => (exists.Authority.Certificate, exists.Root),
                _ => (null, null),
            };
            if (certificate is not null)
            {
                await files.PublishAsync(certificate, root?.Certificate, cancellation);
            }

            if (certificate is not null || decided is not CaDecision.Create lost)
            {
                return decided.Outcome;
            }

            if (tries == MaxTries)
            {
                throw NameHasRows(lost.CaName);
            }
        }
    }

    /// <summary>The fault of a name that is taken by something else than a CA.</summary>
    public static LedgerUnavailableException NameHasRows(string caName) => new(
        $"the name {caName} has rows, and none of them is that of a CA: 'serverless-ca show {caName}' shows them", null, nothingWasStored: true);

    public async Task<ICaKey> KeyAsync(string caName, CancellationToken cancellation) =>
        await ca.Keys.FindAsync(caName, cancellation)
        ?? throw new CaKeyUnavailableException($"there is no key for {caName}: create it first");

    /// <summary>Returns the public key of a CA that is to be created.</summary>
    /// <exception cref="CaKeyUnavailableException">The key policy does not accept it, or it was reported as compromised (contract
    /// 12.20), such as that of a CA whose row was deleted to create it anew.</exception>
    public async Task<PublicKey> PublicKeyAsync(ICaKey key, string caName, CancellationToken cancellation)
    {
        string? fault = PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? publicKey, out string? why)
            ? publicKey.WhyNotCertified()
            : why;
        if (fault is null && await ca.Ledger.FindKeyAsync(publicKey!.Reservation, cancellation) is { Compromised: true })
        {
            fault = $"{KeyDecision.KeyCompromised.Message}: create a new one";
        }

        return fault is null ? publicKey! : throw new CaKeyUnavailableException($"the key of {caName} cannot be used: {fault}");
    }

    /// <summary>Returns the subject of a CA that is to be created, once its settings are good (contract 12.30).</summary>
    /// <exception cref="InvalidSettingsException">All problems, each naming the setting.</exception>
    public static DistinguishedName Subject(CaInfo info, string setting, bool isRoot)
    {
        if (CaInfoCheck.Problems(info, setting, isRoot) is [_, ..] problems)
        {
            throw new InvalidSettingsException(string.Join("; ", problems));
        }

        return DistinguishedName.Of(info.Attributes.Select(attribute =>
            attribute.Attribute.TryMake(attribute.Value, out NameAttribute? made, out string? why) ? made : throw new InvalidSettingsException(why)));
    }

    // Returns null when the name has a row by now.
    private async Task<Certificate?> AddAsync(CaDecision.Create create, CancellationToken cancellation)
    {
        Certificate certificate = await CertificateSigner.SignAsync(create.Template, create.SigningKey, create.Root?.Certificate, cancellation);
        CertificateAddition addition = AdditionOf(create, certificate);
        addition = addition with { History = HistoryEntry.Issued(addition.Record, create.Root?.Name ?? create.CaName, ca.Clock.GetUtcNow(), ca.Actor) };
        AddOutcome added = await ca.Ledger.AddAsync(addition, cancellation);
        return added == AddOutcome.NameTaken ? null : certificate;
    }

    /// <summary>What is stored with a CA's certificate.</summary>
    public static CertificateAddition AdditionOf(CaDecision.Create create, Certificate certificate) => new(new CertificateRecord
    {
        CommonName = create.CaName,
        SerialNumber = certificate.SerialNumber,
        Issued = certificate.NotBefore,
        Expires = certificate.NotAfter,
        CertificatePem = certificate.Pem,
        CrlNumber = 0,
    })
    {
        OnlyIfNameIsNew = true,
    };
}

/// <summary>Is the decision about creating a CA, made before anything is changed. Immutable.</summary>
public abstract record CaDecision
{
    private CaDecision(CreateOutcome outcome) => Outcome = outcome;

    /// <summary>Says how it will end, if nobody else creates the CA meanwhile.</summary>
    public CreateOutcome Outcome { get; }

    /// <summary>The CA is created.</summary>
    /// <param name="CaName">Such as <c>serverless-root-ca-dev</c>.</param>
    /// <param name="Template">What the certificate says.</param>
    /// <param name="SigningKey">The key that signs the certificate.</param>
    /// <param name="Root">The CA above it; null for a root.</param>
    public sealed record Create(string CaName, CertificateTemplate Template, ICaKey SigningKey, CertificateAuthority? Root) : CaDecision(CreateOutcome.Created);

    /// <summary>The CA exists. Those of its files that are missing are published.</summary>
    /// <param name="Authority">The CA that exists.</param>
    /// <param name="Root">The CA above it; null for a root.</param>
    public sealed record Exists(CertificateAuthority Authority, CertificateAuthority? Root) : CaDecision(CreateOutcome.Existed);

    /// <summary>The issuing CA waits for its root, which does not exist.</summary>
    /// <param name="RootName">The name of the missing CA.</param>
    public sealed record WaitsForRoot(string RootName) : CaDecision(CreateOutcome.NoRoot);

    /// <summary>No issuing CA can be created under the root as it is.</summary>
    /// <param name="Root">The CA that cannot sign.</param>
    /// <param name="Why">A sentence for people.</param>
    public sealed record RootNotUsable(CertificateAuthority Root, string Why) : CaDecision(CreateOutcome.RootNotUsable);
}

/// <summary>Says how creating a CA ended.</summary>
public enum CreateOutcome
{
    /// <summary>The CA was created now.</summary>
    Created,

    /// <summary>The CA existed; at most its files were published again.</summary>
    Existed,

    /// <summary>The issuing CA waits for a root.</summary>
    NoRoot,

    /// <summary>The root is revoked, expired or not valid yet, so it signs nothing (contract 12.10, 12.28).</summary>
    RootNotUsable,
}

/// <summary>Publishes CA certificates: <c>.crt</c> in PEM, <c>.cer</c> in DER, the bundle. A file that is in place is not written
/// again, so that the next run completes one that died half-way, and an ordinary night writes nothing.</summary>
internal sealed class CaFiles(Deployment ca)
{
    /// <summary>Publishes the files of one CA.</summary>
    /// <param name="certificate">The CA's certificate.</param>
    /// <param name="root">For an issuing CA the root's certificate, which comes first in the bundle; null for the root
    /// itself.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task PublishAsync(Certificate certificate, Certificate? root, CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        await PublishCertificateAsync(root is null ? names.RootCa : names.IssuingCa, certificate, cancellation);
        if (root is not null)
        {
            await PublishAsync(names.BundleFile, MediaTypes.PemFile, Encoding.ASCII.GetBytes(root.Pem + certificate.Pem), cancellation);
        }
    }

    private async Task PublishCertificateAsync(string name, Certificate certificate, CancellationToken cancellation)
    {
        await PublishAsync(CaNames.CertificateFile(name), MediaTypes.Certificate, Encoding.ASCII.GetBytes(certificate.Pem), cancellation);
        await PublishAsync(CaNames.DerCertificateFile(name), MediaTypes.Certificate, certificate.Der, cancellation);
    }

    private async Task PublishAsync(string key, string mediaType, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        StoredFile? present = await ca.PublishedFiles.ReadAsync(key, cancellation);
        if (present is null || !present.Content.Span.SequenceEqual(content.Span))
        {
            // Every other run publishes the same file: the row decides, and it is never replaced.
            await ca.PublishedFiles.PublishAsync(new PublishedFile(key, mediaType, content), IPublishedFiles.AnyVersion, cancellation);
        }
    }
}
