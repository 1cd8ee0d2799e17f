using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Health;

/// <summary>Whether somebody can speak for the issuing CA although nobody may (contract 12.20): certificates with the usage
/// <c>OCSP_SIGNING</c> that were issued before it had to be allowed. Only the certificate knows its usages.</summary>
/// <param name="isAllowed">Whether the settings allow it.</param>
/// <param name="now">UTC.</param>
internal sealed class UsageHealth(bool isAllowed, DateTimeOffset now)
{
    private const int MaxNamed = 5; // our decision: whoever has more wants the list anyway

    private readonly List<string> named = [];
    private int found;

    // OBJECT IDENTIFIER 1.3.6.1.5.5.7.3.9
    private static ReadOnlySpan<byte> OcspSigningDer => [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09];

    /// <summary>Takes in a row.</summary>
    public void See(CertificateRecord row)
    {
        if (isAllowed || !IsLive(row) || !MaySign(row))
        {
            return;
        }

        found++;
        if (named.Count < MaxNamed)
        {
            named.Add($"'{row.CommonName}' {row.SerialNumber}");
        }
    }

    /// <summary>Of all that was taken in.</summary>
    public HealthFinding Finding()
    {
        string more = found > named.Count ? string.Create(CultureInfo.InvariantCulture, $" and {found - named.Count} more") : "";
        return isAllowed ? new HealthFinding(HealthLevel.Good, "OCSP signing", "is allowed by allow_ocsp_signing")
            : found == 0 ? new HealthFinding(HealthLevel.Good, "OCSP signing", "no live certificate can answer for the CA who is revoked")
            : new HealthFinding(HealthLevel.Critical, "OCSP signing", string.Create(CultureInfo.InvariantCulture,
                $"{found} live certificates can answer for the CA who is revoked, and allow_ocsp_signing is off: revoke {string.Join(", ", named)}{more}, or allow it"));
    }

    private bool IsLive(CertificateRecord row) => row.Revoked is null && row.Expires >= now && !row.IsCa;

    // A ledger may have very many rows: only certificates that hold these octets are worth reading.
    private static bool MaySign(CertificateRecord row) =>
        Pem.TryDecodeOne(row.CertificatePem, Pem.CertificateLabel, out byte[]? der) && der.AsSpan().IndexOf(OcspSigningDer) >= 0
        && Certificate.TryDecode(der, out Certificate? certificate)
        && certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.OcspSigning);
}
