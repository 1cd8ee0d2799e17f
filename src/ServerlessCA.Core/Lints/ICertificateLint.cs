namespace ServerlessCA.Core.Lints;

/// <summary>One rule that every certificate must keep. Rules look at the finished certificate, as a relying party would.</summary>
internal interface ICertificateLint
{
    /// <summary>Where the rule is from, such as <c>RFC 5280 §4.1.2.2</c>.</summary>
    string Clause { get; }

    /// <summary>What is wrong, one message each; nothing when the rule is kept.</summary>
    IEnumerable<string> Check(LintSubject subject);
}
