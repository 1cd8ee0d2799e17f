namespace ServerlessCA.Core.Certificates;

/// <summary>The three kinds of certificates of the two tiers (contract section 6).</summary>
public enum CertificateKind
{
    /// <summary>The self-signed root CA.</summary>
    Root,

    /// <summary>The issuing CA, signed by the root.</summary>
    Issuing,

    /// <summary>Everything else, signed by the issuing CA.</summary>
    EndEntity,
}
