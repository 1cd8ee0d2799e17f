namespace ServerlessCA.Core.Records;

/// <summary>Why a certificate was revoked (RFC 5280 §5.3.1). The numbers are those of CRLReason;
/// 7 is unused there, and 6 and 8 mean suspension and delta CRLs, which this CA does not do.</summary>
public enum RevocationReason
{
    /// <summary>No reason given; a CRL entry then carries no reason (RFC 5280 §5.3.1).</summary>
    Unspecified = 0,

    /// <summary>The subject's private key is known or suspected to be known by others.</summary>
    KeyCompromise = 1,

    /// <summary>The same for a CA's private key.</summary>
    CaCompromise = 2,

    /// <summary>The subject's name or other facts in the certificate changed.</summary>
    AffiliationChanged = 3,

    /// <summary>Replaced by another certificate.</summary>
    Superseded = 4,

    /// <summary>Not needed any more.</summary>
    CessationOfOperation = 5,

    /// <summary>A privilege named in the certificate was withdrawn.</summary>
    PrivilegeWithdrawn = 9,
}
