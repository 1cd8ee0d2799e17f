using ServerlessCA.Core.Access;

namespace ServerlessCA.Server.Access;

/// <summary>A token, and what it admits to. Immutable.</summary>
/// <param name="Id">Its name in logs; and the access key id of requests that are signed with it.</param>
/// <param name="Token">The secret.</param>
/// <param name="Level">What its holders may do.</param>
public sealed record TokenGrant(string Id, AccessToken Token, AccessLevel Level)
{
    /// <summary>The access key id of operators.</summary>
    public const string OperatorsId = "serverless-ca";

    /// <summary>The access key id of callers who may ask for certificates alone.</summary>
    public const string RequestersId = "serverless-ca-request";
}
