namespace ServerlessCA.Conformance.Running;

/// <summary>The functions of the product (contract section 4).</summary>
public enum CaFunction
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

    /// <summary>notify; its input is one message of the topic: <c>{Subject, Message}</c>.</summary>
    Notify,
}
