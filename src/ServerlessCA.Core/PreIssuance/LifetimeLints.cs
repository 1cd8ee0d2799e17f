using System.Globalization;
using System.Numerics;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of how long a certificate is valid.</summary>
internal static class LifetimeLints
{
    private static readonly TimeSpan MostOfPublicCas = TimeSpan.FromDays(398);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1) + Backdating.Time + TimeSpan.FromSeconds(1);

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("lifetime-over-398", LintSeverity.Notice, "Apple HT211025")
        {
            Explanation = "A server's certificate is valid for more than 398 days, which programs refuse of public CAs and take of private ones: a stolen key is good for as long.",
            Advice = "renew it every year, or more often",
            Check = planned => planned.IsForServers && planned.Life > MostOfPublicCas ? [$"it is valid for {Days(planned.Life)} days"] : [],
        },
        new("lifetime-cut", LintSeverity.Notice, "our decision")
        {
            Explanation = "The certificate is valid for fewer days than were asked for: the CA's setting max_cert_lifetime is smaller.",
            Advice = "plan the renewal by the date in the certificate",
            Check = planned => !EndsWithIssuer(planned) && IsCut(planned)
                ? [$"{Asked(planned)} days were asked for, and it is valid for {Given(planned)}"] : [],
        },
        new("lifetime-cut-by-issuer", LintSeverity.Notice, "RFC 5280 §6.1, our decision")
        {
            Explanation = "The certificate ends with the CA that signs it, before the days that were asked for are over.",
            Advice = "replace the CA before that day",
            Check = planned => EndsWithIssuer(planned) && IsCut(planned)
                ? [$"it ends with the issuing CA on {TableTime.Text(planned.Template.NotAfter)}"] : [],
        },
        new("lifetime-one-day", LintSeverity.Notice, "our decision")
        {
            Explanation = "The certificate is valid for a day at most: whoever uses it has to renew it every day, and no reminder comes in time.",
            Advice = "make sure that a program renews it",
            Check = planned => planned.Life <= OneDay ? ["it is valid for one day at most"] : [],
        },
    ];

    private static bool EndsWithIssuer(PlannedCertificate planned) => planned.Template.NotAfter == planned.Cas[0].NotAfter;

    private static bool IsCut(PlannedCertificate planned) => Asked(planned) > Given(planned);

    private static BigInteger Asked(PlannedCertificate planned) => planned.Requested.Request.Lifetime ?? CertificateRequest.DefaultLifetime;

    // Whole days, without the minutes before the issue.
    private static BigInteger Given(PlannedCertificate planned) => (BigInteger)Math.Floor(planned.Life.TotalDays);

    private static string Days(TimeSpan life) => Math.Ceiling(life.TotalDays).ToString(CultureInfo.InvariantCulture);
}
