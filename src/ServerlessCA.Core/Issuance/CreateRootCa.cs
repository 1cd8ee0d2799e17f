using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Creates the root CA unless it exists, and sees to its published files (SPEC section 4).</summary>
public sealed class CreateRootCa(Deployment ca)
{
    private readonly CaFiles files = new(ca);

    /// <summary>Runs it once.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with.</exception>
    /// <exception cref="LedgerUnavailableException">Perhaps created: run again.</exception>
    /// <exception cref="FilesUnavailableException">Created, not published: run again.</exception>
    /// <exception cref="InvalidSettingsException"><c>root_ca_info</c> is not fit for a new CA (SPEC 12.30).</exception>
    public async Task<CreateOutcome> RunAsync(CancellationToken cancellation)
    {
        string name = ca.Settings.Names.RootCa;
        CertificateAuthority? root = await CertificateAuthority.FindAsync(ca.Ledger, name, cancellation);
        if (root is not null)
        {
            await files.PublishRootAsync(root.Certificate, cancellation);
            return CreateOutcome.Existed;
        }

        ICaKey key = await CaCreation.KeyAsync(ca.Keys, name, cancellation);
        CertificateTemplate template = RootCertificate.Template(
            ca.Serials.Draw(),
            CaCreation.Subject(ca.Settings.RootCaInfo, SettingsCheck.RootCaInfo, isRoot: true).Der,
            CaCreation.PublicKey(key, name),
            ca.Clock.GetUtcNow(),
            ca.Settings.RootCaInfo.Lifetime,
            ca.Settings.RootCaInfo.PathLengthConstraint);
        Certificate certificate = await CertificateSigner.SignAsync(template, key, issuer: null, cancellation);

        AddOutcome added = await ca.Ledger.AddAsync(CaCreation.Addition(name, certificate), cancellation);
        if (added == AddOutcome.NameTaken)
        {
            return await RunAsync(cancellation); // another run was faster: its root counts
        }

        await files.PublishRootAsync(certificate, cancellation);
        return CreateOutcome.Created;
    }
}
