using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Creates the issuing CA under the root unless it exists, and publishes its files where they are missing (contract
/// section 4).</summary>
public sealed class CreateIssuingCa(Deployment ca)
{
    private readonly CaCreation creation = new(ca);

    /// <summary>Runs it once.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with, or none of the root.</exception>
    /// <exception cref="LedgerUnavailableException">The CA may have been created: run again.</exception>
    /// <exception cref="FilesUnavailableException">The CA was created, its files were not published: run again.</exception>
    /// <exception cref="InvalidSettingsException"><c>issuing_ca_info</c> is not fit for a new CA (contract 12.30).</exception>
    public Task<CreateOutcome> RunAsync(CancellationToken cancellation) => creation.RunAsync(DecideAsync, cancellation);

    /// <summary>Decides what <see cref="RunAsync"/> would do now, up to the serial number that it draws; changes
    /// nothing.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with, or none of the root.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="InvalidSettingsException"><c>issuing_ca_info</c> is not fit for a new CA (contract 12.30).</exception>
    public async Task<CaDecision> DecideAsync(CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        if (await CertificateAuthority.FindAsync(ca.Ledger, names.RootCa, cancellation) is not { } root)
        {
            return new CaDecision.WaitsForRoot(names.RootCa);
        }

        if (await CertificateAuthority.FindAsync(ca.Ledger, names.IssuingCa, cancellation) is { } issuing)
        {
            return new CaDecision.Exists(issuing, root);
        }

        DateTimeOffset now = ca.Clock.GetUtcNow(); // once: a clock that is set back meanwhile must not make two answers
        return root.WhyNotUsable(now) is { } why
            ? new CaDecision.RootNotUsable(root, why)
            : await CreateUnderAsync(root, now, cancellation);
    }

    private async Task<CaDecision> CreateUnderAsync(CertificateAuthority root, DateTimeOffset now, CancellationToken cancellation)
    {
        string name = ca.Settings.Names.IssuingCa;
        CaInfo info = ca.Settings.IssuingCaInfo;
        ICaKey rootKey = await root.KeyAsync(ca.Keys, cancellation);
        ICaKey key = await creation.KeyAsync(name, cancellation);
        CertificateTemplate template = IssuingCertificate.Template(
            ca.Serials.Draw(),
            root.Certificate,
            CaCreation.Subject(info, SettingsCheck.IssuingCaInfo, isRoot: false).Der,
            await creation.PublicKeyAsync(key, name, cancellation),
            now,
            info.Lifetime,
            info.PathLengthConstraint,
            ca.Settings.PublicDomain is { } domain ? new PublicationPoint(domain, root.Name) : null,
            ca.Settings.IssuingCaNameConstraints);
        return new CaDecision.Create(name, template, rootKey, root);
    }
}
