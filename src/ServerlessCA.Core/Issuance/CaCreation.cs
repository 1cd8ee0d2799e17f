using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>What creating a root and creating an issuing CA have in common.</summary>
internal static class CaCreation
{
    public static async Task<ICaKey> KeyAsync(ICaKeys keys, string caName, CancellationToken cancellation) =>
        await keys.FindAsync(caName, cancellation)
        ?? throw new CaKeyUnavailableException($"there is no key for {caName}: create it first");

    /// <exception cref="CaKeyUnavailableException">The key policy does not accept it, or it was reported as compromised
    /// (SPEC 12.20), such as that of a CA whose row was deleted to create it anew.</exception>
    public static async Task<PublicKey> PublicKeyAsync(
        ICertificateLedger ledger, ICaKey key, string caName, CancellationToken cancellation)
    {
        string? fault = PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? publicKey, out string? why)
            ? publicKey.WhyNotCertified()
            : why;
        if (fault is null && await ledger.FindKeyAsync(publicKey!.Reservation, cancellation) is { Compromised: true })
        {
            fault = "Key has been reported as compromised: create a new one";
        }

        return fault is null ? publicKey! : throw new CaKeyUnavailableException($"the key of {caName} cannot be used: {fault}");
    }

    /// <summary>The subject of a CA; every problem names the setting.</summary>
    public static DistinguishedName Subject(CaInfo info, string setting)
    {
        (SubjectAttribute Attribute, string Key, string? Value)[] values =
        [
            (SubjectAttributes.CommonName, "commonName", info.CommonName),
            (SubjectAttributes.Country, "country", info.Country),
            (SubjectAttributes.EmailAddress, "emailAddress", info.EmailAddress),
            (SubjectAttributes.Locality, "locality", info.Locality),
            (SubjectAttributes.Organization, "organization", info.Organization),
            (SubjectAttributes.OrganizationalUnit, "organizationalUnit", info.OrganizationalUnit),
            (SubjectAttributes.State, "state", info.State),
        ];
        var attributes = new List<NameAttribute>();
        foreach ((SubjectAttribute attribute, string key, string? value) in values)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            attributes.Add(attribute.TryMake(value, out NameAttribute? made, out string? why)
                ? made
                : throw new InvalidSettingsException($"{setting}: {key} {why}"));
        }

        return DistinguishedName.Of(attributes);
    }

    public static CertificateAddition Addition(string caName, Certificate certificate) => new(new CertificateRecord
    {
        CommonName = caName,
        SerialNumber = certificate.SerialNumber,
        Issued = certificate.NotBefore,
        Expires = certificate.NotAfter,
        CertificatePem = certificate.Pem,
        CrlNumber = 0,
    })
    { OnlyIfNameIsNew = true };
}
