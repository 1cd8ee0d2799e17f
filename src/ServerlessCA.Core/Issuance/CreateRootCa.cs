using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Creates the root CA unless it exists, and publishes its files where they are missing (contract section 4).</summary>
public sealed class CreateRootCa(Deployment ca)
{
    private readonly CaCreation creation = new(ca);

    /// <summary>Runs it once.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with.</exception>
    /// <exception cref="LedgerUnavailableException">The CA may have been created: run again.</exception>
    /// <exception cref="FilesUnavailableException">The CA was created, its files were not published: run again.</exception>
    /// <exception cref="InvalidSettingsException"><c>root_ca_info</c> is not fit for a new CA (contract 12.30).</exception>
    public Task<CreateOutcome> RunAsync(CancellationToken cancellation) => creation.RunAsync(DecideAsync, cancellation);

    /// <summary>Decides what <see cref="RunAsync"/> would do now, up to the serial number that it draws; changes
    /// nothing.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    /// <exception cref="InvalidSettingsException"><c>root_ca_info</c> is not fit for a new CA (contract 12.30).</exception>
    public async Task<CaDecision> DecideAsync(CancellationToken cancellation)
    {
        string name = ca.Settings.Names.RootCa;
        if (await CertificateAuthority.FindAsync(ca.Ledger, name, cancellation) is { } root)
        {
            return new CaDecision.Exists(root, Root: null);
        }

        ICaKey key = await creation.KeyAsync(name, cancellation);
        CertificateTemplate template = RootCertificate.Template(
            ca.Serials.Draw(),
            CaCreation.Subject(ca.Settings.RootCaInfo, SettingsCheck.RootCaInfo, isRoot: true).Der,
            await creation.PublicKeyAsync(key, name, cancellation),
            ca.Clock.GetUtcNow(),
            ca.Settings.RootCaInfo.Lifetime,
            ca.Settings.RootCaInfo.PathLengthConstraint);
        return new CaDecision.Create(name, template, key, Root: null);
    }
}
