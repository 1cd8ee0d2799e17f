namespace ServerlessCA.Core.Access;

/// <summary>Whether a client certificate admits its holder. Immutable.</summary>
/// <param name="CommonName">Of the certificate, as far as it can be read.</param>
/// <param name="WhyNot">For the holder; null when it admits.</param>
public sealed record ClientVerdict(string? CommonName, string? WhyNot);
