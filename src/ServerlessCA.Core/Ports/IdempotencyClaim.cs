using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>A caller's <c>idempotency_token</c> and which request it stands for (contract 12.13).</summary>
/// <param name="Token">The caller's text.</param>
/// <param name="RequestHash">Hex SHA-256 of the request.</param>
/// <param name="At">UTC: when it was used; it counts for 24 hours.</param>
public sealed record IdempotencyClaim(string Token, string RequestHash, DateTimeOffset At)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24); // contract 12.13

    // Our decision: dead tokens stay for a week, so that a clock that runs ahead for a while makes nobody forget.
    private static readonly TimeSpan Rest = TimeSpan.FromDays(7);

    /// <summary>The moment from which on a ledger may forget it.</summary>
    public DateTimeOffset ForgottenAt => At + Life + Rest;

    /// <summary>Tokens that were used before this moment count no more. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset CountsSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life);

    /// <summary>Tokens that were used before this moment may be forgotten. Whole seconds, as ledgers store them.</summary>
    public static DateTimeOffset KeptSince(DateTimeOffset now) => TableTime.WholeSeconds(now - Life - Rest);
}

/// <summary>What a token stands for.</summary>
/// <param name="Claim">Token, request and time.</param>
/// <param name="CommonName">Of the certificate that was issued.</param>
/// <param name="SerialNumber">Of the certificate that was issued.</param>
public sealed record RecalledIssue(IdempotencyClaim Claim, string CommonName, SerialNumber SerialNumber);
