using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Access;

/// <summary>Says which certificates a caller may have who is bound to it: what a policy does not name, it does not allow. The same rules
/// judge a request before it is signed and the finished certificate (contract 12.32). Immutable.</summary>
public sealed record RequestPolicy
{
    /// <summary>Stands, as a usage, for every usage that the CA allows.</summary>
    public const string AnyUsage = "*";

    /// <summary>Gets the policy's name; on AWS that of the alias of tls-cert that is bound to it.</summary>
    public required string Name { get; init; }

    /// <summary>Lists the patterns of which a common name must fit one; never empty.</summary>
    public required IReadOnlyList<NamePattern> CommonNames { get; init; }

    /// <summary>Lists the patterns of which every alternative name, and the subject's e-mail address, must fit one. Where none were
    /// given they are those of hosts with the common names, and are made when they are needed first.</summary>
    [AllowNull]
    public IReadOnlyList<SanPattern> Sans
    {
        get => field ??= [.. CommonNames.Select(SanPattern.OfHosts)];
        init;
    }

    /// <summary>Lists the extended key usages that are allowed, as OIDs; <see cref="AnyUsage"/> among them: any.</summary>
    public IReadOnlyList<string> Usages { get; init; } = [ExtendedKeyUsage.ClientAuth, ExtendedKeyUsage.ServerAuth];

    /// <summary>Gets how many days a certificate lives at most; null: as long as the CA's own maximum.</summary>
    public int? MaxDays { get; init; }

    /// <summary>Lists the custom extensions that are allowed, as OIDs. The CA must allow them, too.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Says whether a key that was used before may be allowed with <c>force_issue</c>.</summary>
    public bool AllowForce { get; init; }

    /// <summary>Finds a policy by its name; null: there is none. Case counts.</summary>
    public static RequestPolicy? Find(IEnumerable<RequestPolicy> policies, string name) =>
        policies.FirstOrDefault(policy => policy.Name == name);

    /// <summary>Says which rule refuses; null when none does. The order is: common name, alternative names, usages, lifetime, extensions,
    /// used keys.</summary>
    public Rejection? WhyNot(PolicyFacts facts) =>
        WhyNotNames(facts) ?? WhyNotUsages(facts) ?? WhyNotLife(facts) ?? WhyNotExtensions(facts)
        ?? (facts.Forces && !AllowForce
            ? Refusal(RequestKeys.ForceIssue, "key that was used before", RequestPolicyKeys.AllowForce, "false")
            : null);

    private Rejection? WhyNotNames(PolicyFacts facts)
    {
        foreach (string name in facts.CommonNames.Where(name => !CommonNames.Any(pattern => pattern.Matches(name))))
        {
            return Refusal(RequestKeys.CommonName, $"common name '{Excerpt.Of(name)}'", RequestPolicyKeys.CommonNames, Joined(CommonNames));
        }

        foreach (AlternativeName name in facts.Sans.Where(IsRefused))
        {
            return Refusal(RequestKeys.Sans, $"alternative name {name.Type} '{Excerpt.Of(name.Value)}'", RequestPolicyKeys.Sans, Joined(Sans));
        }

        foreach (string address in facts.EmailAddresses.Where(address => IsRefused(new AlternativeName(EmailGeneralName.TypeName, address))))
        {
            return Refusal(SubjectAttributes.EmailAddress.RequestKey, $"e-mail address '{Excerpt.Of(address)}'", RequestPolicyKeys.Sans, Joined(Sans));
        }

        return null;
    }

    /// <summary>Says whether certificates may have an extended key usage.</summary>
    /// <param name="oid">The usage.</param>
    public bool AllowsUsage(string oid) => Usages.Contains(AnyUsage) || Usages.Contains(oid);

    private bool IsRefused(AlternativeName name) => !Sans.Any(pattern => pattern.Matches(name));

    private Rejection? WhyNotUsages(PolicyFacts facts) =>
        facts.Usages.FirstOrDefault(usage => !AllowsUsage(usage)) is { } refused
            ? Refusal(RequestKeys.ExtendedKeyUsages, $"usage {ExtendedKeyUsage.NameOf(refused)}", RequestPolicyKeys.Usages, Joined(Usages.Select(ExtendedKeyUsage.NameOf)))
            : null;

    private Rejection? WhyNotLife(PolicyFacts facts) => MaxDays is { } most && facts.Life > TimeSpan.FromDays(most)
        ? Refusal(
            RequestKeys.Lifetime, string.Create(CultureInfo.InvariantCulture, $"lifetime of {Math.Ceiling(facts.Life.TotalDays)} days"),
            RequestPolicyKeys.MaxDays, most.ToString(CultureInfo.InvariantCulture))
        : null;

    private Rejection? WhyNotExtensions(PolicyFacts facts) => facts.Extensions.FirstOrDefault(oid => !Extensions.Contains(oid)) is { } refused
        ? Refusal(RequestKeys.Extensions, $"custom extension {Excerpt.Of(refused)}", RequestPolicyKeys.Extensions, Joined(Extensions))
        : null;

    private Rejection Refusal(string field, string what, string rule, string value) =>
        new(RejectionCode.PolicyRefused, field, $"Policy \"{Name}\" allows no {what}: rule {rule} is {value}");

    private static string Joined<T>(IEnumerable<T> values) => string.Join(", ", values) is { Length: > 0 } text ? Excerpt.Of(text) : "empty";
}

/// <summary>Names the members of a policy, as settings have them.</summary>
public static class RequestPolicyKeys
{
    /// <summary>Lists patterns of common names.</summary>
    public const string CommonNames = "common_names";

    /// <summary>Lists patterns of alternative names.</summary>
    public const string Sans = "sans";

    /// <summary>Lists extended key usages.</summary>
    public const string Usages = "usages";

    /// <summary>Sets the longest lifetime in days.</summary>
    public const string MaxDays = "max_days";

    /// <summary>Lists custom extensions.</summary>
    public const string Extensions = "extensions";

    /// <summary>Allows keys that were used before.</summary>
    public const string AllowForce = "allow_force";

    /// <summary>Lists all members.</summary>
    public static IReadOnlyList<string> All { get; } = [CommonNames, Sans, Usages, MaxDays, Extensions, AllowForce];
}

/// <summary>Holds what a policy judges of a request or of a certificate. Immutable.</summary>
public sealed record PolicyFacts
{
    private PolicyFacts()
    {
    }

    /// <summary>Lists the common names of the subject.</summary>
    public required IReadOnlyList<string> CommonNames { get; init; }

    /// <summary>Lists the e-mail addresses of the subject.</summary>
    public required IReadOnlyList<string> EmailAddresses { get; init; }

    /// <summary>Lists the alternative names, as the certificate has them.</summary>
    public required IReadOnlyList<AlternativeName> Sans { get; init; }

    /// <summary>Lists the extended key usages, as OIDs.</summary>
    public required IReadOnlyList<string> Usages { get; init; }

    /// <summary>Gets how long the certificate lives from its issue on.</summary>
    public required TimeSpan Life { get; init; }

    /// <summary>Lists the extensions that the CA does not set itself, as OIDs.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    /// <summary>Says whether the request allows a key that was used before; no certificate shows it.</summary>
    public bool Forces { get; private init; }

    /// <summary>Reads the facts from a request whose subject is known.</summary>
    /// <param name="requested">The request with its CSR.</param>
    /// <param name="settings">What the CA grants: the days, and names of one label.</param>
    internal static PolicyFacts Of(RequestedContents requested, CaSettings settings) => new()
    {
        CommonNames = [.. ValuesOf(requested.Subject!, SubjectAttributes.CommonName)],
        EmailAddresses = [.. ValuesOf(requested.Subject!, SubjectAttributes.EmailAddress)],
        Sans = GeneralNames.AsWritten(requested.Sans),
        Usages = requested.Request.Usages,
        Life = TimeSpan.FromDays(RequestRules.DaysOf(requested.Request, settings)),
        Extensions =
        [
            .. requested.Request.Extensions.Select(extension => ObjectIdentifierText.TryNormalise(extension.Oid, out string? oid) ? oid : extension.Oid),
        ],
        Forces = requested.Request.ForceIssue,
    };

    /// <summary>Reads the facts from a certificate. Names that cannot be read are none that a policy could allow.</summary>
    public static PolicyFacts Of(Certificate certificate)
    {
        TimeSpan life = certificate.NotAfter - certificate.NotBefore - Backdating.Time;
        bool isRead = DistinguishedName.TryDecode(certificate.SubjectDer, out DistinguishedName? subject);
        return new PolicyFacts
        {
            CommonNames = isRead ? [.. ValuesOf(subject!, SubjectAttributes.CommonName)] : [""],
            EmailAddresses = isRead ? [.. ValuesOf(subject!, SubjectAttributes.EmailAddress)] : [],
            Sans = certificate.AlternativeNames ?? [new AlternativeName("", "")],
            Usages = certificate.ExtendedKeyUsages,
            Life = life > TimeSpan.Zero ? life : TimeSpan.Zero,
            Extensions = [.. certificate.Extensions.Select(extension => extension.Oid).Where(oid => !ExtensionRules.IsReserved(oid))],
        };
    }

    private static IEnumerable<string> ValuesOf(DistinguishedName subject, SubjectAttribute attribute) => subject.Values(attribute.Oid);
}
