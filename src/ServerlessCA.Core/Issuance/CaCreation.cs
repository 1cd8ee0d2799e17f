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

    /// <exception cref="CaKeyUnavailableException">The key policy does not accept it.</exception>
    public static PublicKey PublicKey(ICaKey key, string caName)
    {
        string? fault = Keys.PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? publicKey, out string? why)
            ? publicKey.WhyNotCertified()
            : why;
        return fault is null ? publicKey! : throw new CaKeyUnavailableException($"the key of {caName} cannot be used: {fault}");
    }

    /// <summary>The subject of a CA that is to be created, once its settings are good (SPEC 12.30).</summary>
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
