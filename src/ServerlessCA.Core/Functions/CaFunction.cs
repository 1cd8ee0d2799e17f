namespace ServerlessCA.Core.Functions;

/// <summary>What can be called by name (SPEC section 4). On AWS there is also <c>notify</c>, which the topic calls.</summary>
public enum CaFunction
{
    /// <summary>create-root-ca.</summary>
    CreateRootCa,

    /// <summary>create-issuing-ca.</summary>
    CreateIssuingCa,

    /// <summary>root-ca-crl.</summary>
    RootCaCrl,

    /// <summary>issuing-ca-crl.</summary>
    IssuingCaCrl,

    /// <summary>tls-cert.</summary>
    TlsCert,

    /// <summary>expiry.</summary>
    Expiry,
}
