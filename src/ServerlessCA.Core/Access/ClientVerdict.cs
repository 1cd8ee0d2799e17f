using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Access;

/// <summary>Whether a client certificate admits its holder. Immutable.</summary>
/// <param name="CommonName">Of the certificate, as far as it can be read.</param>
/// <param name="SerialNumber">Of the certificate, as far as it can be read.</param>
/// <param name="Level">What the holder may do if it admits.</param>
/// <param name="WhyNot">For the holder; null when it admits.</param>
public sealed record ClientVerdict(string? CommonName, SerialNumber? SerialNumber, AccessLevel Level, string? WhyNot);
