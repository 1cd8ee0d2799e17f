using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Creates the issuing CA under the root unless it exists, and sees to its published files (SPEC section 4).</summary>
public sealed class CreateIssuingCa(Deployment ca)
{
    private readonly CaFiles files = new(ca);

    /// <summary>Runs it once.</summary>
    /// <exception cref="CaKeyUnavailableException">There is no key to create it with, or none of the root.</exception>
    /// <exception cref="LedgerUnavailableException">Perhaps created: run again.</exception>
    /// <exception cref="FilesUnavailableException">Created, not published: run again.</exception>
    /// <exception cref="InvalidSettingsException"><c>issuing_ca_info</c> is not fit for a new CA (SPEC 12.30).</exception>
    public async Task<CreateOutcome> RunAsync(CancellationToken cancellation)
    {
        CaNames names = ca.Settings.Names;
        CertificateAuthority? root = await CertificateAuthority.FindAsync(ca.Ledger, names.RootCa, cancellation);
        if (root is null)
        {
            return CreateOutcome.NoRoot;
        }

        CertificateAuthority? issuing = await CertificateAuthority.FindAsync(ca.Ledger, names.IssuingCa, cancellation);
        if (issuing is not null)
        {
            await files.PublishIssuingAsync(root.Certificate, issuing.Certificate, cancellation);
            return CreateOutcome.Existed;
        }

        return root.WhyNotUsable(ca.Clock.GetUtcNow()) is null
            ? await CreateAsync(root, cancellation)
            : CreateOutcome.RootNotUsable;
    }

    private async Task<CreateOutcome> CreateAsync(CertificateAuthority root, CancellationToken cancellation)
    {
        string name = ca.Settings.Names.IssuingCa;
        CaInfo info = ca.Settings.IssuingCaInfo;
        ICaKey rootKey = await root.KeyAsync(ca.Keys, cancellation);
        ICaKey key = await CaCreation.KeyAsync(ca.Keys, name, cancellation);
        CertificateTemplate template = IssuingCertificate.Template(
            ca.Serials.Draw(),
            root.Certificate,
            CaCreation.Subject(info, SettingsCheck.IssuingCaInfo, isRoot: false).Der,
            CaCreation.PublicKey(key, name),
            ca.Clock.GetUtcNow(),
            info.Lifetime,
            info.PathLengthConstraint,
            ca.Settings.PublicDomain is { } domain ? new PublicationPoint(domain, root.Name) : null);
        Certificate certificate = await CertificateSigner.SignAsync(template, rootKey, root.Certificate, cancellation);

        AddOutcome added = await ca.Ledger.AddAsync(CaCreation.Addition(name, certificate), cancellation);
        if (added == AddOutcome.NameTaken)
        {
            return await RunAsync(cancellation); // another run was faster: its issuing CA counts
        }

        await files.PublishIssuingAsync(root.Certificate, certificate, cancellation);
        return CreateOutcome.Created;
    }
}
