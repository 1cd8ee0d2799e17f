using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>What creating a root and creating an issuing CA have in common.</summary>
internal sealed class CaCreation(Deployment ca)
{
    private const int MaxTries = 3; // our decision: whoever was faster has its row after one of them

    private readonly CaFiles files = new(ca);

    /// <summary>Decides, and carries it out; decides again where another run was faster: its CA counts.</summary>
    /// <exception cref="LedgerUnavailableException">Perhaps created: run again. Or the name has rows, and none of them is a CA's.</exception>
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
                throw new LedgerUnavailableException(
                    $"the name {lost.CaName} has rows, and none of them is that of a CA: 'serverless-ca show {lost.CaName}' shows them", null, nothingWasStored: true);
            }
        }
    }

    public async Task<ICaKey> KeyAsync(string caName, CancellationToken cancellation) =>
        await ca.Keys.FindAsync(caName, cancellation)
        ?? throw new CaKeyUnavailableException($"there is no key for {caName}: create it first");

    /// <exception cref="CaKeyUnavailableException">The key policy does not accept it, or it was reported as compromised
    /// (contract 12.20), such as that of a CA whose row was deleted to create it anew.</exception>
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

    /// <summary>The subject of a CA that is to be created, once its settings are good (contract 12.30).</summary>
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

    // Null when the name has a row by now.
    private async Task<Certificate?> AddAsync(CaDecision.Create create, CancellationToken cancellation)
    {
        Certificate certificate = await CertificateSigner.SignAsync(create.Template, create.SigningKey, create.Root?.Certificate, cancellation);
        var row = new CertificateRecord
        {
            CommonName = create.CaName,
            SerialNumber = certificate.SerialNumber,
            Issued = certificate.NotBefore,
            Expires = certificate.NotAfter,
            CertificatePem = certificate.Pem,
            CrlNumber = 0,
        };
        AddOutcome added = await ca.Ledger.AddAsync(new CertificateAddition(row) { OnlyIfNameIsNew = true }, cancellation);
        return added == AddOutcome.NameTaken ? null : certificate;
    }
}
