namespace ServerlessCA.Core.Issuance;

/// <summary>Media types of published files (SPEC 12.6).</summary>
internal static class MediaTypes
{
    public const string Certificate = "application/pkix-cert"; // RFC 2585 §4.1

    public const string Crl = "application/pkix-crl"; // RFC 2585 §4.2

    public const string PemFile = "application/x-pem-file";
}
