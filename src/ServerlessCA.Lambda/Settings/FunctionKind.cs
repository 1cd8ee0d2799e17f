namespace ServerlessCA.Lambda.Settings;

/// <summary>The seven functions (SPEC section 4).</summary>
public enum FunctionKind
{
    /// <summary>create-root-ca.</summary>
    CreateRootCa,

    /// <summary>create-issuing-ca.</summary>
    CreateIssuingCa,

    /// <summary>root-ca-crl.</summary>
    RootCrl,

    /// <summary>issuing-ca-crl.</summary>
    IssuingCrl,

    /// <summary>tls-cert.</summary>
    TlsCert,

    /// <summary>expiry.</summary>
    Expiry,

    /// <summary>notify.</summary>
    Notify,
}
