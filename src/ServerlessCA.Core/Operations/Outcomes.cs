using System.Globalization;
using System.Text;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Operations;

/// <summary>Turns the outcome of each use case into what hosts show of it: the one place that knows which ends are failures, and
/// what the answer, the step of a run and the log say.</summary>
internal static class Outcomes
{
    private const int MaxShown = 20; // entries: a failure's message is for people; the log has them all

    /// <summary>Reports the creation of a CA. An issuing CA that waits for its root does not fail its function, since the root's
    /// own reports that (contract section 4); but a run has tried both, so its step has failed.</summary>
    public static OperationResult Of(string caName, CreateOutcome outcome) => outcome switch
    {
        CreateOutcome.Created => Created(StepStatus.Done, $"{caName} created", OperationFact.Of("CaCreated", $"{caName} created", ("CaName", caName))) with
        {
            Notes = [$"{caName} created"],
        },
        CreateOutcome.Existed => Created(StepStatus.Unchanged, $"{caName} exists", OperationFact.Of("CaExists", $"{caName} exists", ("CaName", caName))),
        CreateOutcome.NoRoot => Created(
            StepStatus.Failed, $"{caName} waits for the root CA", OperationFact.Warning("CaWaits", $"{caName} waits for the root CA", ("CaName", caName))) with
        {
            Notes = [$"{caName} waits for the root CA"],
        },
        _ => new OperationResult { Status = StepStatus.Failed, Message = NotUsable(caName), Failure = NotUsable(caName) },
    };

    /// <summary>Reports the publication of a CRL.</summary>
    /// <param name="fileKey">The name of the CRL's file.</param>
    /// <param name="outcome">How the publication ended.</param>
    /// <param name="isScheduled">Whether the schedule of CRLs started it: it may begin before there is a CA.</param>
    public static OperationResult Of(string fileKey, CrlOutcome outcome, bool isScheduled)
    {
        var result = new OperationResult
        {
            Status = outcome.Failed ? StepStatus.Failed : StepStatus.Done,
            Message = outcome.Message,
            Problems = outcome.Problems,
            IsPublished = outcome.Status == CrlStatus.Published,
        };
        return outcome.Status == CrlStatus.NoCa && isScheduled
            ? result with { Facts = [OperationFact.Of("CrlWaits", $"{fileKey} waits: the CA does not exist yet", ("File", fileKey))] }
            : result with
            {
                Facts =
                [
                    .. outcome.Problems.Select(problem => OperationFact.Warning("RevocationProblem", $"revocation list, CRL: {problem}", ("Problem", problem))),
                    .. EndOf(outcome),
                    .. ValidityOf(fileKey, outcome),
                ],
                Notes = outcome.Problems,
                Failure = outcome.Failed ? FailureOf(fileKey, outcome) : null,
            };
    }

    /// <summary>Reports that relying parties find a new CRL, whatever becomes of the rest.</summary>
    public static OperationFact InPlace(CertificateRevocationList crl)
    {
        long number = crl.Number ?? 0;
        string nextUpdate = TableTime.Text(crl.NextUpdate);
        return OperationFact.Of(
            "CrlInPlace", string.Create(CultureInfo.InvariantCulture, $"CRL {number} is in place, good until {nextUpdate}"),
            ("Number", number), ("NextUpdate", nextUpdate));
    }

    /// <summary>Reports the reminders of certificates that expire.</summary>
    public static OperationResult Of(ExpiryOutcome outcome)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"{outcome.Warnings} reminded, {outcome.Expired} expired");
        return new OperationResult
        {
            Status = outcome.Warnings + outcome.Expired > 0 ? StepStatus.Done : StepStatus.Unchanged,
            Message = message,
            Problems = outcome.Problems,
            Notes = outcome.Problems,
            Facts =
            [
                .. outcome.Problems.Select(problem => OperationFact.Warning("EntrySkipped", $"skipped in tls.json: {problem}", ("Problem", problem))),
                OperationFact.Of("Reminded", message, ("Warnings", outcome.Warnings), ("Expired", outcome.Expired)),
            ],
        };
    }

    /// <summary>Reports the search for entries that need no call.</summary>
    public static OperationResult Of(SettledEntries found)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"{found.Places.Count} of {found.Count} entries of tls.json have their certificate");
        OperationFact fact = OperationFact.Of("SettledFound", message, ("Settled", found.Places.Count), ("Entries", found.Count));
        var result = new OperationResult { Utf8 = Encoding.UTF8.GetBytes(found.Json), Facts = [fact] };
        return found.CutShort is not { } why ? result : result with
        {
            Facts = [fact, OperationFact.Warning("SearchCutShort", $"entries of tls.json that have their certificate are asked for one by one: {why}", ("Reason", why))],
            Notes = [$"not every settled entry is named: {why}"],
        };
    }

    /// <summary>Reports a request for a certificate. A refusal is an answer; its text may repeat parts of the request, so no log
    /// has it.</summary>
    public static OperationResult Of(IssueOutcome outcome) => outcome switch
    {
        IssueOutcome.Issued issued => Of(issued, issued.Record),
        IssueOutcome.Refused refused => new OperationResult
        {
            Utf8 = refused.Utf8,
            Outcome = "refused",
            Refusal = refused.Why.Code,
            CommonName = refused.CommonName is { } name ? Excerpt.Of(name) : null,
            Facts = FactsOf(refused),
            Notes = refused.Why.Remark is { } remark ? [remark] : [$"refused: {refused.Why.Code} {refused.Why.Field}".TrimEnd(), .. refused.Warnings],
        },
        _ => new OperationResult { Utf8 = outcome.Utf8, Outcome = "chain", Facts = [OperationFact.Of("ChainAnswered", "CA chain answered")] },
    };

    private static OperationResult Created(StepStatus status, string message, OperationFact fact) =>
        new() { Status = status, Message = message, Facts = [fact] };

    private static string NotUsable(string caName) => $"{caName} cannot be created: the root CA is revoked, expired or not valid yet";

    private static OperationFact[] EndOf(CrlOutcome outcome) => outcome.Status switch
    {
        CrlStatus.NoCa => [],
        CrlStatus.AheadInPlace =>
            [OperationFact.Warning("CrlAheadInPlace", "the CRL in place is dated ahead of the clock and stays", ("Number", outcome.Number))],
        _ =>
        [
            OperationFact.Of(
                "CrlPublished",
                string.Create(CultureInfo.InvariantCulture, $"CRL {outcome.Number ?? 0} published, {outcome.EntryCount} revoked, {outcome.NewlyRevoked} of them new"),
                ("Number", outcome.Number ?? 0), ("EntryCount", outcome.EntryCount), ("NewlyRevoked", outcome.NewlyRevoked)),
        ],
    };

    // An alarm watches it (terraform/alarms-cas.tf).
    private static OperationFact[] ValidityOf(string fileKey, CrlOutcome outcome) => outcome.DaysRemaining is not { } days ? [] :
    [
        OperationFact.Of(
            "CaValidity", string.Create(CultureInfo.InvariantCulture, $"the CA of {fileKey} is valid for {days} more days"), ("DaysRemaining", days)),
    ];

    private static string FailureOf(string fileKey, CrlOutcome outcome)
    {
        string more = outcome.Failures.Count > MaxShown ? $"; and {outcome.Failures.Count - MaxShown} more" : "";
        string entries = string.Join("; ", outcome.Failures.Take(MaxShown).Select(failure => failure.ToString()));
        return outcome.Status == CrlStatus.NoCa
            ? $"no {fileKey}: the CA does not exist yet; create it first"
            : $"{fileKey}: {outcome.Message}{(entries.Length > 0 ? $": {entries}{more}" : "")}";
    }

    private static OperationResult Of(IssueOutcome.Issued issued, CertificateRecord record)
    {
        string serial = record.SerialNumber.ToString();
        OperationFact fact = issued.Repeated
            ? OperationFact.Of("AnsweredAgain", $"certificate answered again, serial number {serial}", ("SerialNumber", serial), ("CommonName", record.CommonName))
            : OperationFact.Of(
                "Issued", $"certificate issued, serial number {serial}",
                ("SerialNumber", serial), ("CommonName", record.CommonName), ("Expires", TableTime.Text(record.Expires)));
        return new OperationResult
        {
            Utf8 = issued.Utf8,
            Outcome = issued.Repeated ? "repeated" : "issued",
            CommonName = record.CommonName,
            SerialNumber = serial,
            Facts = issued.Repeated ? [fact] : [fact, .. issued.Warnings.Select(LeftOut)],
            Notes = issued.Warnings,
        };
    }

    private static IReadOnlyList<OperationFact> FactsOf(IssueOutcome.Refused refused) => refused.Why.Code == RejectionCode.AlreadyIssued
        ? [OperationFact.Of("AlreadyIssued", "certificate already issued"), .. refused.Why.Remark is { } remark ? [LeftOut(remark)] : (OperationFact[])[]]
        :
        [
            OperationFact.Warning("Refused", $"request refused: {refused.Why.Code}", ("Code", refused.Why.Code.ToString()), ("Field", refused.Why.Field)),
            .. refused.Warnings.Select(LeftOut),
        ];

    private static OperationFact LeftOut(string warning) => OperationFact.Warning("LeftOut", $"told to the caller: {warning}", ("Warning", warning));
}

/// <summary>Says how a function ended, in every form that hosts show: the answer to its caller, a step of a run, lines of a log.
/// Only <see cref="Outcomes"/> makes it. Immutable.</summary>
public sealed record OperationResult
{
    /// <summary>Is the answer of a function that has nothing to say, as in the original.</summary>
    public static ReadOnlyMemory<byte> NoAnswer { get; } = "null"u8.ToArray();

    /// <summary>Limits an answer in bytes (AWS Lambda quotas: 6 MB for a synchronous invocation, and for its event).</summary>
    public const int MaxBytes = 6 * 1024 * 1024;

    /// <summary>Gets the answer: one JSON value, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; init; } = NoAnswer;

    /// <summary>Gets the answer as text.</summary>
    public string Json => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Says why the function ends failed although it did what it could; null: it ends well.</summary>
    public string? Failure { get; init; }

    /// <summary>Says in one word what became of the call.</summary>
    public string Outcome { get; init; } = "done";

    /// <summary>Says whether the answer refuses what was requested.</summary>
    public bool IsRefusal => Refusal is not null;

    /// <summary>Gets the code of the refusal; null: nothing is refused.</summary>
    public RejectionCode? Refusal { get; init; }

    /// <summary>Gets the requested common name; null: none, or not known.</summary>
    public string? CommonName { get; init; }

    /// <summary>Gets the serial number of the certificate that was answered, decimal; null: there is none.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>Lists what happened, event by event, for the function's log.</summary>
    public IReadOnlyList<OperationFact> Facts { get; init; } = [];

    /// <summary>Lists what was left out or skipped, for logs that follow single calls; no secrets, CSRs or
    /// certificates.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Says how it ended as a step of a run.</summary>
    public StepStatus Status { get; init; }

    /// <summary>Says, as a step of a run, what was done, or what failed and what to do.</summary>
    public string Message { get; init; } = "";

    /// <summary>Lists, as a step of a run, what failed, and what was skipped although the step was done.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Says whether a CRL was published, even if the function failed.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Returns the result as a step of a run.</summary>
    /// <param name="function">The step.</param>
    internal StepResult AsStep(CaFunction function) => new(function, Status, Message, Problems) { IsPublished = IsPublished };
}

/// <summary>Is something that happened while a function ran, for its log: an event with fields. It holds no secret, CSR or
/// certificate. Immutable.</summary>
/// <param name="Event">The name that alarms and queries use; contract (docs/functions.md).</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Fields">Names and values; null values are left out.</param>
public sealed record OperationFact(string Event, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields)
{
    /// <summary>Says whether somebody should look at it.</summary>
    public bool IsWarning { get; private init; }

    /// <summary>Makes a fact that is as it should be.</summary>
    internal static OperationFact Of(string happened, string message, params IReadOnlyList<(string Name, object? Value)> fields) =>
        new(happened, message, [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);

    /// <summary>Makes a fact that somebody should look at.</summary>
    internal static OperationFact Warning(string happened, string message, params IReadOnlyList<(string Name, object? Value)> fields) =>
        Of(happened, message, fields) with { IsWarning = true };
}
