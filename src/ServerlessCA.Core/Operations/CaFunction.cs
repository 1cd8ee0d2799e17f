namespace ServerlessCA.Core.Operations;

/// <summary>What can be called by name (contract section 4). What is known of each stands in <see cref="Operation.All"/>.</summary>
public enum CaFunction
{
    /// <summary>Creates the root CA unless it exists.</summary>
    CreateRootCa,

    /// <summary>Creates the issuing CA unless it exists.</summary>
    CreateIssuingCa,

    /// <summary>Publishes the CRL of the root CA.</summary>
    RootCaCrl,

    /// <summary>Publishes the CRL of the issuing CA.</summary>
    IssuingCaCrl,

    /// <summary>Issues a certificate; as a step of a run, one for every entry of <c>tls.json</c>.</summary>
    TlsCert,

    /// <summary>Reminds of certificates that expire.</summary>
    Expiry,

    /// <summary>Posts the topic's messages to Slack; on AWS alone.</summary>
    Notify,
}
