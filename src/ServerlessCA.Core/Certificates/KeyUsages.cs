namespace ServerlessCA.Core.Certificates;

/// <summary>What a key may be used for. Each flag is the bit of that number in KeyUsage (RFC 5280 §4.2.1.3).</summary>
[Flags]
public enum KeyUsages
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Signatures other than those on certificates and CRLs.</summary>
    DigitalSignature = 1 << 0,

    /// <summary>contentCommitment, once nonRepudiation.</summary>
    ContentCommitment = 1 << 1,

    /// <summary>Enciphering keys: RSA key transport.</summary>
    KeyEncipherment = 1 << 2,

    /// <summary>Enciphering data directly.</summary>
    DataEncipherment = 1 << 3,

    /// <summary>Key agreement.</summary>
    KeyAgreement = 1 << 4,

    /// <summary>Signing certificates.</summary>
    KeyCertSign = 1 << 5,

    /// <summary>Signing CRLs.</summary>
    CrlSign = 1 << 6,

    /// <summary>Only enciphering while agreeing on a key.</summary>
    EncipherOnly = 1 << 7,

    /// <summary>Only deciphering while agreeing on a key.</summary>
    DecipherOnly = 1 << 8,
}
